// Programs that are kept running, as real processes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Supervised, supervise } from "./supervisor.ts";

let folder: string;
let part: Supervised | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "knvirt-supervisor-"));
});
afterEach(async () => {
  await part?.stop();
  rmSync(folder, { recursive: true });
});

const file = (name: string): string => join(folder, name);

/** Resolves with how it ended the first time. */
const firstDeath = (script: string, logFile = file("log")): Promise<string> =>
  new Promise((resolve) => {
    const program = { name: "part", args: ["--eval", script], env: {}, logFile, pidFile: file("pid") };
    part = supervise(program, { onDeath: (_name, how) => resolve(how) });
  });

test.each([
  { when: "it fails", script: "process.exit(3)", want: "exit code 3" },
  { when: "it is killed", script: "process.kill(process.pid, 'SIGKILL')", want: "killed by SIGKILL" },
])("how a program ended is told when $when", async ({ script, want }) => {
  expect(await firstDeath(script)).toBe(want);
});

test("a program that cannot be started is told of, and tried again", async () => {
  expect(await firstDeath("", file("absent/log"))).toContain("ENOENT");
});

test("a process id takes no more room than the one before it", async () => {
  writeFileSync(file("pid"), `${"9".repeat(10)}\n`);
  await firstDeath("process.exit(1)");
  expect(readFileSync(file("pid"), "utf8")).toMatch(/^\d+ +\n$/);
});
