// End-to-end specs: the whole system on this machine, one suite after another.
import { base } from "../jest.config.js";

export default {
  ...base,
  testMatch: ["<rootDir>/**/*.spec.ts"],
  // These need a cluster, and have a configuration of their own.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/cluster/"],
  testTimeout: 600_000,
  globalSetup: "<rootDir>/test/support/global-setup.js",
  globalTeardown: "<rootDir>/test/support/global-teardown.js",
};
