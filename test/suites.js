// Runs programs of tests one after another, each within its time, and counts what all of them report.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, repository } from "../standalone/setup.js";

/** Long enough for a runner that has written its report to end. */
const patienceMs = 10_000;
const evidenceMinutes = 2;
const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, unended: 0 };

/**
 * @typedef {object} Options
 * @property {number} [minutes] It is ended after so long.
 * @property {string[]} [evidence] Program that tells what was going on then.
 * @property {Record<string, string>} [env]
 */

export function startSuites() {
  const scratch = mkdtempSync(join(tmpdir(), "knvirt-test-"));
  const results = [];
  return {
    /** Counts where it fails: it is no test. Answers whether it did not. */
    step: async (name, args, options) => {
      console.log(`\n== ${name}`);
      const status = await run(args, options);
      results.push({ ...nothing, status, numFailedTests: status === 0 ? 0 : 1 });
      return status === 0;
    },
    jest: async (name, args, options = {}) => {
      console.log(`\n== ${name} tests`);
      const report = join(scratch, `${results.length}.json`);
      const runner = ["--experimental-vm-modules", "--no-warnings", "node_modules/jest/bin/jest.js"];
      const status = await run([...runner, ...args, "--json", `--outputFile=${report}`], { ...options, report });
      results.push({ ...nothing, status, ...reported(report, status) });
    },
    /** Prints the sum, and answers with the exit code. */
    close: () => {
      rmSync(scratch, { recursive: true });
      return summary(results);
    },
  };
}

function reported(report, status) {
  try {
    return { unended: status === null ? 1 : 0, ...JSON.parse(readFileSync(report, "utf8")) };
  } catch {
    return { numFailedTests: 1 };
  }
}

function summary(results) {
  const sum = (field) => results.reduce((total, result) => total + (result[field] ?? 0), 0);
  // A check that fails, a suite that does not load and a runner that dies or does not end each count as one failure.
  const failed = sum("numFailedTests") + sum("numRuntimeErrorTestSuites") + sum("unended");
  const skipped = sum("numPendingTests") + sum("numTodoTests");
  console.log(`\n${sum("numPassedTests")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && results.every(({ status }) => status === 0) ? 0 : 1;
}

/** The exit code; null when it had to be ended: a test that fails may leave something open, and would wait for ever. */
function run(args, { report = "", minutes = Number.POSITIVE_INFINITY, evidence, env } = {}) {
  const child = start(args, env);
  const overdue = Date.now() + minutes * 60_000;
  let reportedAt = Number.POSITIVE_INFINITY;
  const end = (why) => {
    clearInterval(watch);
    console.error(`ended by force: ${why}`);
    child.kill("SIGKILL");
  };
  const watch = setInterval(() => {
    if (existsSync(report)) reportedAt = Math.min(reportedAt, Date.now());
    if (Date.now() - reportedAt >= patienceMs) return end("a test has left something open");
    if (Date.now() < overdue) return undefined;
    clearInterval(watch);
    const told = evidence ? run(evidence, { minutes: evidenceMinutes, env }) : Promise.resolve();
    return void told.finally(() => end(`it was not done within ${minutes} minutes`));
  }, 1_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve(code);
    });
  });
}

const start = (args, env = {}) =>
  spawn(node, args, {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(repository, "node_modules/.bin")}:${process.env.PATH}`, ...env },
  });
