// Unit tests: every *.test.ts beside its source. End-to-end specs have their own configuration in test/.
export const base = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } },
    ],
  },
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
};

export default { ...base, testMatch: ["<rootDir>/**/*.test.ts"] };
