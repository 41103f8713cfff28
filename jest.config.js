// Unit tests: every *.test.ts beside its source. What takes longer than a few seconds is a *.spec.ts and runs with the
// end-to-end specs, whose configuration is in test/.
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

export default {
  ...base,
  testMatch: ["<rootDir>/**/*.test.ts"],
  // Longer than a test waits for a condition, so that what is missing is told with its evidence.
  testTimeout: 150_000,
  maxWorkers: "100%",
};
