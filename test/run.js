// npm test: install what is missing, check, then run every test, and close with one line that counts them all.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, repository, setUp } from "../standalone/setup.js";

setUp({ tests: true });
const scratch = mkdtempSync(join(tmpdir(), "knvirt-test-"));
const run = (args) =>
  spawnSync(node, args, {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(repository, "node_modules/.bin")}:${process.env.PATH}` },
  }).status;

function jest(name, args) {
  const report = join(scratch, `${name}.json`);
  console.log(`\n== ${name} tests`);
  const status = run([
    "--experimental-vm-modules",
    "--no-warnings",
    "node_modules/jest/bin/jest.js",
    ...args,
    "--json",
    `--outputFile=${report}`,
  ]);
  try {
    return { status, ...JSON.parse(readFileSync(report, "utf8")) };
  } catch {
    return { status, numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

const checks = run(["test/check.ts", "--without-unit-tests"]);
const results = [jest("unit", []), jest("end-to-end", ["--config", "test/jest.config.js", "--runInBand"])];
rmSync(scratch, { recursive: true });

const sum = (field) => results.reduce((total, result) => total + (result[field] ?? 0), 0);
// A check that fails, a suite that does not load and a runner that dies each count as one failure.
const failed = sum("numFailedTests") + sum("numRuntimeErrorTestSuites") + (checks === 0 ? 0 : 1);
const skipped = sum("numPendingTests") + sum("numTodoTests");
console.log(`${sum("numPassedTests")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed === 0 && results.every(({ status }) => status === 0) ? 0 : 1);
