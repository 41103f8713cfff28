import { expect, test } from "@jest/globals";
import { exec } from "./exec.ts";
import { answering } from "./testing/answering.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each<{ when: string; pid: unknown; told: object[]; want: object }>([
  {
    when: "it ends in order",
    pid: 7,
    told: [{ exited: false }, { exited: true, exitcode: 3, "out-data": base64("out"), "err-data": base64("err") }],
    want: { exitCode: 3, stdout: Buffer.from("out"), stderr: Buffer.from("err") },
  },
  { when: "a signal ends it", pid: 7, told: [{ exited: true, signal: 9 }], want: { exitCode: 137 } },
  {
    when: "Windows ends it",
    pid: 7,
    told: [{ exited: true, exitcode: 0xc0000005 }],
    want: { exitCode: -1073741819 },
  },
  {
    when: "it tells a code that is none",
    pid: 7,
    told: [{ exited: true, exitcode: 1e300 }],
    want: { exitCode: 128 },
  },
  { when: "it has no process", pid: 0.5, told: [], want: { reason: "GuestAgentFailed" } },
  { when: "it never ends", pid: 7, told: [], want: { reason: "ExecTimedOut" } },
])("a program answers when $when", async ({ pid, told, want }) => {
  const states = told.values();
  const channel = answering((execute) =>
    execute === "guest-exec" ? { pid } : (states.next().value ?? { exited: false }),
  );
  const answer = exec(channel, { command: "/bin/true", args: [], timeoutSeconds: 0.2 });
  expect(await answer.catch((error: unknown) => error)).toMatchObject(want);
});
