// npm test: install what is missing, check, then run every test, and close with one line that counts them all.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, repository, setUp } from "../standalone/setup.js";

setUp({ tests: true });
const scratch = mkdtempSync(join(tmpdir(), "knvirt-test-"));
/** Long enough for a runner that has written its report to end. */
const patienceMs = 10_000;

/** The exit code. A test that fails may leave something open, and its runner would wait for that for ever: null then. */
function run(args, report = "") {
  const child = spawn(node, args, {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(repository, "node_modules/.bin")}:${process.env.PATH}` },
  });
  let reportedAt = Number.POSITIVE_INFINITY;
  const watch = setInterval(() => {
    if (existsSync(report)) reportedAt = Math.min(reportedAt, Date.now());
    if (Date.now() - reportedAt < patienceMs) return;
    console.error("ended by force: a test has left something open");
    child.kill("SIGKILL");
  }, 1_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve(code);
    });
  });
}

async function jest(name, args) {
  const report = join(scratch, `${name}.json`);
  console.log(`\n== ${name} tests`);
  const runner = ["--experimental-vm-modules", "--no-warnings", "node_modules/jest/bin/jest.js"];
  const status = await run([...runner, ...args, "--json", `--outputFile=${report}`], report);
  try {
    return { status, unended: status === null ? 1 : 0, ...JSON.parse(readFileSync(report, "utf8")) };
  } catch {
    return { status, numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

const checks = await run(["test/check.ts", "--without-unit-tests"]);
const results = [
  await jest("unit", []),
  await jest("end-to-end", ["--config", "test/jest.config.js", "--runInBand"]),
];
rmSync(scratch, { recursive: true });

const sum = (field) => results.reduce((total, result) => total + (result[field] ?? 0), 0);
// A check that fails, a suite that does not load and a runner that dies or does not end each count as one failure.
const failed = sum("numFailedTests") + sum("numRuntimeErrorTestSuites") + sum("unended") + (checks === 0 ? 0 : 1);
const skipped = sum("numPendingTests") + sum("numTodoTests");
console.log(`${sum("numPassedTests")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed === 0 && results.every(({ status }) => status === 0) ? 0 : 1);
