import { expect, test } from "@jest/globals";
import type { Container, Pod } from "@knvirt/kubernetes";
import { ImageError } from "../images/index.ts";
import { asPodError, PodError } from "./errors.ts";
import { qosClass } from "./qos.ts";
import { restartAt } from "./restart.ts";
import { type Trouble, troubleAfter } from "./trouble.ts";

const now = new Date("2026-01-01T12:00:00Z");
const pauses = (error: PodError, times: number): number[] => {
  let trouble: Trouble | undefined;
  return Array.from({ length: times }, () => {
    trouble = troubleAfter(trouble, error, now);
    return (trouble.retryAt.getTime() - now.getTime()) / 1000;
  });
};

test("registries are asked ever more rarely", () => {
  expect(pauses(new PodError("ErrImagePull", "no"), 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
});

test("what can be repaired at hand is looked at often", () => {
  expect(pauses(new PodError("CreateContainerConfigError", "no"), 6)).toEqual([1, 2, 4, 8, 10, 10]);
});

test("another trouble begins anew", () => {
  const before = { reason: "ErrImagePull" as const, message: "", count: 5, retryAt: now };
  expect(troubleAfter(before, new PodError("RunContainerError", "no"), now)).toMatchObject({ count: 1 });
});

test.each([
  { error: new ImageError("NotFound", "x"), want: "ErrImagePull" },
  { error: new ImageError("NotStored", "x"), want: "ErrImageNeverPull" },
  { error: new ImageError("InvalidReference", "x"), want: "InvalidImageName" },
  { error: new PodError("FailedMount", "x"), want: "FailedMount" },
  { error: new Error("x"), want: "RunContainerError" },
])("$error.name is told as $want", ({ error, want }) => {
  expect(asPodError(error, "RunContainerError")).toMatchObject({ reason: want, message: "x" });
});

const aPod = (restartPolicy: "Always" | "OnFailure" | "Never", containers: Partial<Container>[] = []): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { restartPolicy, containers: containers.map((given) => ({ name: "main", image: "i", ...given })) },
});

test.each([
  { policy: "Never" as const, exitCode: 1, attempt: 0, seconds: undefined },
  { policy: "OnFailure" as const, exitCode: 0, attempt: 0, seconds: undefined },
  { policy: "OnFailure" as const, exitCode: 1, attempt: 0, seconds: 10 },
  { policy: "Always" as const, exitCode: 0, attempt: 2, seconds: 40 },
  { policy: "Always" as const, exitCode: 1, attempt: 20, seconds: 300 },
])(
  "$policy with exit code $exitCode after attempt $attempt: again in $seconds s",
  ({ policy, exitCode, attempt, seconds }) => {
    const exit = { exitCode, finishedAt: now.toISOString(), message: "", isOutOfMemory: false, isUnseen: false };
    const again = restartAt(aPod(policy), { attempt, state: "exited", start: undefined, pid: undefined, exit });
    expect(again && (again.getTime() - now.getTime()) / 1000).toBe(seconds);
  },
);

const both = { cpu: "1", memory: "1Gi" };

test.each([
  { when: "nothing asked for", resources: [{}], want: "BestEffort" },
  { when: "requests only", resources: [{ requests: both }], want: "Burstable" },
  { when: "limits of both", resources: [{ limits: both }], want: "Guaranteed" },
  {
    when: "limits equal in other words",
    resources: [{ limits: both, requests: { cpu: "1000m" } }],
    want: "Guaranteed",
  },
  { when: "one container without", resources: [{ limits: both }, {}], want: "Burstable" },
  { when: "devices do not count", resources: [{ limits: { "devices.kubevirt.io/kvm": "1" } }], want: "BestEffort" },
])("quality of service: $when", ({ resources, want }) => {
  const containers = resources.map((given) => ({ resources: given }));
  expect(qosClass(aPod("Never", containers))).toBe(want);
});
