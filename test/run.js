// npm test and npm run test:cluster: install what is missing, run every test, and close with one line that counts them.
import { parseArgs } from "node:util";
import { setUp } from "../standalone/setup.js";
import { clusterSuites } from "./cluster-suites.js";
import { startSuites } from "./suites.js";

const { values, positionals } = parseArgs({
  options: {
    "with-cluster": { type: "boolean", default: false },
    "only-cluster": { type: "boolean", default: false },
    overlay: { type: "string", multiple: true },
  },
  allowPositionals: true,
});

setUp({ tests: true });
const suites = startSuites();
if (!values["only-cluster"]) {
  await suites.step("checks", ["test/check.ts", "--without-unit-tests"]);
  await suites.jest("unit", []);
  await suites.jest("end-to-end", ["--config", "test/jest.config.js", "--runInBand"]);
}
if (values["with-cluster"] || values["only-cluster"])
  await clusterSuites(suites, { overlays: values.overlay, patterns: positionals });
process.exit(suites.close());
