import { expect, it } from "@jest/globals";
import type { Client, Pod } from "@knvirt/kubernetes";
import { eventRecorder } from "./events.ts";

const pod = (uid: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid },
  spec: { containers: [] },
});

it("writes no more about a pod that fails each second than somebody may read", async () => {
  let [seconds, written] = [0, 0];
  const client = {
    create: async () => {
      written += 1;
    },
  } as unknown as Client;
  const clock = { now: () => new Date("2026-01-02T12:00:00Z"), elapsedMs: () => seconds * 1000 };
  const record = eventRecorder(client, "node", clock);
  for (; seconds < 3600; seconds += 1)
    await record(pod("one"), { type: "Warning", reason: "Unhealthy", message: "readiness probe failed" });
  expect(written).toBe(25 + 11);
  await record(pod("two"), { type: "Warning", reason: "Unhealthy", message: "readiness probe failed" });
  expect(written).toBe(25 + 12);
});
