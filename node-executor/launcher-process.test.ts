// Which process of a pod is the launcher's. The sandbox of these tests has the files of this machine, and so libvirt. Needs root.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { getLauncherProcess } from "./launcher-process.ts";
import { type Sandbox, startSandbox } from "./testing/pod-sandbox.ts";

let pod: Sandbox;
beforeEach(async () => {
  pod = await startSandbox(8);
});
afterEach(() => pod.close());

it("is the one that has libvirt in sight, and knows how old that is", async () => {
  const first = getLauncherProcess(pod.podUid);
  expect(first).toMatchObject({ pid: pod.pid, unpackedAt: expect.stringMatching(/^\d+\/\d+\//) });
  expect(first.isStillOurs()).toBe(true);
});

it("does not exist in a pod without processes", () => {
  expect(() => getLauncherProcess("00000000-0000-0000-0000-000000000000")).toThrow("no process of a launcher");
});
