import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import type { Condition, PersistentVolumeClaim } from "@knvirt/kubernetes";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { printableStatus } from "./printable-status.ts";

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
  claims?: PersistentVolumeClaim[];
}

const claim = (phase: "Pending" | "Bound"): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", namespace: "default" },
  spec: {},
  status: { phase },
});

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
  { want: "WaitingForVolumeBinding", when: "a claim is not bound", vmi: pending(), claims: [claim("Pending")] },
  { want: "Starting", when: "its claims are bound", vmi: pending(), claims: [claim("Bound")] },
  { want: "Stopped", when: "none waits for a claim", claims: [claim("Pending")] },
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
  {
    want: "ErrorPvcNotFound",
    when: "a claim is missing",
    vmi: pending(says("Synchronized", "False", "FailedPvcNotFound"), says("PodScheduled", "False", "Unschedulable")),
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

test.each(rows)(
  "printable status is $want when $when",
  ({ want, vm, vmi, stopping = false, startFailure, claims = [] }) => {
    const facts = {
      vm: vm ?? aVm({ runStrategy: "Always" }),
      vmi,
      claims,
      now,
      refusal: undefined,
      stopping,
      startFailure,
    };
    expect(printableStatus(facts)).toBe(want);
  },
);
