// Specs on a cluster with an overlay installed: those of test/e2e/, and those that need a cluster.
import { base } from "../../jest.config.js";

/** Those that are about one overlay, or what it stands on. */
const others = (process.env.KNVIRT_TEST_OVERLAY ?? "knative").startsWith("knative") ? "controller" : "knative";

export default {
  ...base,
  testMatch: ["<rootDir>/test/e2e/*.spec.ts", "<rootDir>/test/cluster/specs/*.spec.ts"],
  testPathIgnorePatterns: ["/node_modules/", `<rootDir>/test/cluster/specs/${others}.spec.ts`],
  testTimeout: 600_000,
  testSequencer: "<rootDir>/test/cluster/specs/sequencer.js",
  globalSetup: "<rootDir>/test/cluster/specs/global-setup.js",
};
