import { annotation, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { statusOf } from "./status.ts";

const now = at("12:00:00");
const leaving = { deletionTimestamp: "2026-01-02T12:00:00Z" };

const clean = { stopping: false, failure: undefined };
const observed = (vm: VirtualMachine, vmi?: VirtualMachineInstance) => ({
  vm,
  vmi,
  claims: [],
  now,
  refusal: undefined,
});
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
    observedGeneration: 7,
    desiredGeneration: 7,
    conditions: [ready, agent],
  });
});

test.each([
  { when: "nothing was started yet", told: "Halted" as const, vmi: undefined, want: "Halted" },
  {
    when: "the instance before it is going",
    told: "Halted" as const,
    vmi: aVmi({ metadata: leaving }),
    want: "Halted",
  },
  { when: "a new VM finds one that is going", told: undefined, vmi: aVmi({ metadata: leaving }), want: undefined },
  { when: "there is an instance", told: "Halted" as const, vmi: aVmi(), want: "RerunOnFailure" },
])("that a VM reruns on failure is told once it was started: $when", ({ told, vmi, want }) => {
  const vm = aVm({ runStrategy: "RerunOnFailure", ...(told && { status: { runStrategy: told } }) });
  expect(statusOf(observed(vm, vmi), clean).runStrategy).toBe(want);
});

test("that a VM reruns on failure is told of an instance that is going because a user asked for it", () => {
  const stateChangeRequests = [{ action: "Stop" as const, uid: "vmi-uid" }];
  const vm = aVm({ runStrategy: "RerunOnFailure", status: { runStrategy: "Halted", stateChangeRequests } });
  expect(statusOf(observed(vm, aVmi({ metadata: leaving })), clean).runStrategy).toBe("RerunOnFailure");
});

test("that a VM reruns on failure is told when the instance is gone that a user stopped before that was told", () => {
  const stateChangeRequests = [{ action: "Stop" as const, uid: "vmi-uid" }];
  const vm = aVm({ runStrategy: "RerunOnFailure", status: { stateChangeRequests } });
  const status = statusOf(observed(vm, undefined), clean);
  expect(status).toMatchObject({ runStrategy: "RerunOnFailure", stateChangeRequests: [] });
});

describe("a template that changes while the guest runs", () => {
  const more = { domain: { memory: { guest: "128Mi" } }, hostname: "www" };
  const made = { [annotation.vmGeneration]: "5" };
  const running = aVmi({ phase: "Running", conditions: [ready], metadata: { annotations: made } });
  const changed = aVm({ runStrategy: "Always", metadata: { generation: 7 }, template: more });
  const required = {
    type: "RestartRequired",
    status: "True",
    reason: "TemplateChanged",
    message:
      "spec.template.spec.domain, spec.template.spec.hostname changed since the guest was started: " +
      "restart the virtual machine",
  };
  const leavingVmi = aVmi({ phase: "Running", metadata: { ...leaving, annotations: made } });

  test("waits for a restart", () => {
    const status = statusOf(observed(changed, running), clean);
    expect(status).toMatchObject({ observedGeneration: 5, desiredGeneration: 7 });
    expect(status.conditions?.at(-1)).toMatchObject(required);
  });

  const uuid = "d32ff544-f682-571b-8677-3762f07ab8a4";
  const firmware = (serial?: string) => ({ domain: { firmware: { uuid, ...(serial && { serial }) } } });
  const told = { ...required, lastTransitionTime: "2026-01-02T11:00:00Z" } as Condition;
  test.each([
    {
      when: "the generation it was made from is this one",
      vm: aVm({ metadata: { generation: 5 }, template: more }),
      vmi: running,
      want: false,
    },
    {
      when: "nothing but the strategy changed",
      vm: aVm({ runStrategy: "Manual", metadata: { generation: 7 } }),
      vmi: running,
      want: false,
    },
    {
      when: "it is put back",
      vm: aVm({ metadata: { generation: 8 }, status: { conditions: [told] } }),
      vmi: running,
      want: false,
    },
    { when: "the guest is stopping", vm: changed, vmi: leavingVmi, want: false },
    { when: "this run stops it", vm: changed, vmi: running, stopping: true, want: false },
    {
      when: "it has ended",
      vm: changed,
      vmi: aVmi({ phase: "Failed", metadata: { annotations: made } }),
      want: false,
    },
    {
      when: "there is none",
      vm: aVm({ metadata: { generation: 7 }, status: { conditions: [told] } }),
      vmi: undefined,
      want: false,
    },
    {
      when: "the guest's identity is written down",
      vm: aVm({ metadata: { generation: 7 }, template: firmware() }),
      vmi: aVmi({ phase: "Running", spec: firmware(), metadata: { annotations: made } }),
      want: false,
    },
    {
      when: "its firmware changes",
      vm: aVm({ metadata: { generation: 7 }, template: firmware("8") }),
      vmi: aVmi({ phase: "Running", spec: firmware(), metadata: { annotations: made } }),
      want: true,
    },
  ])("RestartRequired is $want when $when", ({ vm, vmi, stopping = false, want }) => {
    const { conditions } = statusOf(observed(vm, vmi), { stopping, failure: undefined });
    expect(conditions?.some(({ type }) => type === "RestartRequired")).toBe(want);
  });

  test("keeps the generation that is known to want the same guest", () => {
    const known = aVm({ metadata: { generation: 7 }, template: more, status: { observedGeneration: 6 } });
    expect(statusOf(observed(known, running), clean).observedGeneration).toBe(6);
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
