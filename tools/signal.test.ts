import { spawn } from "node:child_process";
import { once } from "node:events";
import { signalIfThere } from "./signal.ts";

it("ends a process, and leaves one alone that has ended", async () => {
  const child = spawn("sleep", ["60"]);
  const ended = once(child, "exit");
  const pid = child.pid as number;

  signalIfThere(pid, "SIGTERM");

  expect(await ended).toEqual([null, "SIGTERM"]);
  expect(() => signalIfThere(pid, "SIGTERM")).not.toThrow();
});

it("tells of any other failure", () => {
  expect(() => signalIfThere(process.pid, "SIGNONE" as NodeJS.Signals)).toThrow("Unknown signal: SIGNONE");
});
