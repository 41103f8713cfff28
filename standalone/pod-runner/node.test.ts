import { expect, test } from "@jest/globals";
import { nodeStatus } from "./node.ts";

test("a node promises what it has, less what the machine itself needs", () => {
  const facts = {
    ...{ name: "here", address: "192.0.2.2", cpus: 2, memoryBytes: 2 ** 30, diskBytes: 2 ** 40 },
    ...{ devices: ["devices.kubevirt.io/kvm"], architecture: "amd64", info: { kernelVersion: "6.1" } },
  };
  const status = nodeStatus(facts, new Date("2026-01-01T12:00:00.5Z"));
  const common = { cpu: "2", pods: "250", "ephemeral-storage": "1073741824Ki", "devices.kubevirt.io/kvm": "1k" };
  expect(status.capacity).toEqual({ ...common, memory: "1048576Ki" });
  expect(status.allocatable).toEqual({ ...common, memory: "786432Ki" });
  expect(status.conditions).toMatchObject([
    { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T12:00:00Z" },
  ]);
  expect(status.nodeInfo).toEqual({ kernelVersion: "6.1" });
});
