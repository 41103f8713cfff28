import { annotation, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { printableStatus } from "./printable-status.ts";
import { statusOf } from "./status.ts";

const now = at("12:00:00");
const leaving = { deletionTimestamp: "2026-01-02T12:00:00Z" };
const says = (type: string, status: Condition["status"], reason: string): Condition => ({ type, status, reason });
const pending = (...conditions: Condition[]) => aVmi({ phase: "Scheduling", conditions });
const failedTwice = { consecutiveFailCount: 2 };

interface Row {
  want: string;
  when: string;
  vm?: VirtualMachine;
  vmi?: VirtualMachineInstance;
  stopping?: boolean;
  startFailure?: { consecutiveFailCount: number };
}

const rows: Row[] = [
  { want: "Terminating", when: "the VM is deleted", vm: aVm({ metadata: leaving }), vmi: aVmi({ phase: "Running" }) },
  { want: "Stopping", when: "the instance is leaving", vmi: aVmi({ phase: "Running", metadata: leaving }) },
  { want: "Stopping", when: "this run deletes the instance", vmi: aVmi({ phase: "Running" }), stopping: true },
  {
    want: "Stopped",
    when: "the instance leaves after its end",
    vmi: aVmi({ phase: "Succeeded", metadata: leaving }),
  },
  {
    want: "Paused",
    when: "the guest is paused",
    vmi: aVmi({ phase: "Running", conditions: [says("Paused", "True", "PausedByUser")] }),
  },
  { want: "Running", when: "the guest runs", vmi: aVmi({ phase: "Running" }) },
  {
    want: "ErrorUnschedulable",
    when: "no node has room",
    vmi: pending(says("PodScheduled", "False", "Unschedulable"), says("Synchronized", "False", "ErrImagePull")),
  },
  { want: "ErrImagePull", when: "an image is missing", vmi: pending(says("Synchronized", "False", "ErrImagePull")) },
  {
    want: "ImagePullBackOff",
    when: "an image stays missing",
    vmi: pending(says("Synchronized", "False", "ImagePullBackOff")),
  },
  {
    want: "Starting",
    when: "another problem holds the start up",
    vmi: pending(says("Synchronized", "False", "Other")),
  },
  { want: "Starting", when: "nobody has looked at the instance", vmi: aVmi() },
  { want: "Starting", when: "the pod runs", vmi: aVmi({ phase: "Scheduled" }) },
  { want: "CrashLoopBackOff", when: "starts fail and none is there", startFailure: failedTwice },
  { want: "CrashLoopBackOff", when: "starts fail", vmi: aVmi({ phase: "Failed" }), startFailure: failedTwice },
  {
    want: "Stopped",
    when: "starts failed, but it is halted",
    vm: aVm({ runStrategy: "Halted" }),
    startFailure: failedTwice,
  },
  {
    want: "Unknown",
    when: "nobody hears of its node",
    vmi: aVmi({ phase: "Running", conditions: [{ type: "Ready", status: "False", reason: "NodeUnresponsive" }] }),
  },
  { want: "Stopped", when: "the instance has ended", vmi: aVmi({ phase: "Succeeded" }) },
  { want: "Stopped", when: "there is no instance" },
];

test.each(rows)("printable status is $want when $when", ({ want, vm, vmi, stopping = false, startFailure }) => {
  const facts = { vm: vm ?? aVm({ runStrategy: "Always" }), vmi, now, refusal: undefined, stopping, startFailure };
  expect(printableStatus(facts)).toBe(want);
});

const clean = { stopping: false, failure: undefined };
const observed = (vm: VirtualMachine, vmi?: VirtualMachineInstance) => ({ vm, vmi, now, refusal: undefined });
const ready: Condition = { type: "Ready", status: "True", lastTransitionTime: "2026-01-02T11:59:40Z" };
const agent: Condition = { type: "AgentConnected", status: "True", lastTransitionTime: "2026-01-02T11:59:50Z" };

test("a VM that never ran has neither generations nor a strategy", () => {
  expect(statusOf(observed(aVm({ runStrategy: "Halted" })), clean)).toEqual({
    printableStatus: "Stopped",
    conditions: [
      {
        type: "Ready",
        status: "False",
        reason: "VMINotExists",
        message: "the instance does not exist",
        lastTransitionTime: "2026-01-02T12:00:00.000Z",
      },
    ],
  });
});

test("a running instance is mirrored with its times", () => {
  const vm = aVm({ runStrategy: "Always", metadata: { generation: 7 } });
  const vmi = aVmi({
    phase: "Running",
    conditions: [agent, ready],
    metadata: { annotations: { [annotation.vmGeneration]: "5" } },
  });
  expect(statusOf(observed(vm, vmi), clean)).toEqual({
    printableStatus: "Running",
    created: true,
    ready: true,
    runStrategy: "Always",
    observedGeneration: 5,
    desiredGeneration: 7,
    conditions: [ready, agent],
  });
});

test("an instance without Ready says so, and conditions that it lacks go", () => {
  const vm = aVm({ status: { conditions: [agent] } });
  expect(statusOf(observed(vm, aVmi()), clean).conditions).toMatchObject([
    { type: "Ready", status: "False", reason: "VMIConditionMissing" },
  ]);
});

test("without an instance the last conditions and generations stay, Failure does not", () => {
  const failure: Condition = { type: "Failure", status: "True" };
  const status = {
    conditions: [ready, agent, failure],
    observedGeneration: 3,
    desiredGeneration: 4,
    runStrategy: "Halted" as const,
  };
  const vm = aVm({ runStrategy: "Halted", status });
  expect(statusOf(observed(vm), clean)).toMatchObject({
    observedGeneration: 3,
    desiredGeneration: 4,
    conditions: [{ type: "Ready", reason: "VMINotExists" }, agent],
  });
  expect(statusOf(observed(vm), clean).conditions).toHaveLength(2);
});

test("a failure that goes on keeps its time", () => {
  const failure = { type: "Failure", status: "True" as const, reason: "FailedCreate", message: "no" };
  const since = { ...failure, lastTransitionTime: "2026-01-02T10:00:00.000Z" };
  const vm = aVm({ runStrategy: "Always", status: { conditions: [since] } });
  expect(statusOf(observed(vm), { stopping: false, failure }).conditions).toContainEqual(since);
});
