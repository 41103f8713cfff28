import { finalizer, type VmStatus } from "@knvirt/api";
import {
  addFinalizer,
  adopt,
  create,
  normal,
  type Refusal,
  remove,
  removeFinalizer,
  requeue,
} from "../runtime/intents.ts";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { reconcile } from "./index.ts";
import { instanceOf } from "./instance.ts";
import type { Observed } from "./observed.ts";

const now = at("12:00:00");
const seen = (given: Partial<Observed>): Observed => ({
  vm,
  vmi: undefined,
  claims: [],
  now,
  refusal: undefined,
  ...given,
});
const vm = aVm({ runStrategy: "Always" });
const fresh = aVm({ runStrategy: "Always", metadata: { finalizers: [] } });
const leaving = { deletionTimestamp: "2026-01-02T12:00:00Z" };
const deleted = aVm({ runStrategy: "Always", metadata: leaving });
const running = aVmi({ phase: "Running" });
const orphan = aVmi({ phase: "Running", metadata: { ownerReferences: [] } });
const other = { apiVersion: "v1", kind: "ReplicaSet", name: "rs", uid: "rs-uid", controller: true };
const foreign = aVmi({ phase: "Running", metadata: { ownerReferences: [other] } });
const owner = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  name: "web",
  uid: "vm-uid",
  controller: true,
  blockOwnerDeletion: true,
};
const told = expect.objectContaining({ verb: "applyStatus" }) as never;
const started = (of = vm) => [
  create(instanceOf(of)),
  normal(of, "SuccessfulCreate", "started the virtual machine by creating its instance web"),
];

test.each([
  {
    when: "a new VM is held and started",
    given: seen({ vm: fresh }),
    want: [addFinalizer(fresh, finalizer.vm), ...started(fresh)],
  },
  { when: "a VM without its instance is started, and told of later", given: seen({}), want: started() },
  { when: "a running one is told of", given: seen({ vmi: running }), want: [told] },
  { when: "an instance nobody controls is adopted", given: seen({ vmi: orphan }), want: [adopt(orphan, owner)] },
  {
    when: "a foreign one is not touched",
    given: seen({ vmi: foreign }),
    want: [told, expect.objectContaining({ verb: "event" }) as never],
  },
  {
    when: "a deleted VM takes its instance along",
    given: seen({ vm: deleted, vmi: running }),
    want: [told, remove(running)],
  },
  {
    when: "a deleted VM waits for its instance",
    given: seen({ vm: deleted, vmi: aVmi({ phase: "Running", metadata: leaving }) }),
    want: [told],
  },
  {
    when: "a deleted VM without instance goes",
    given: seen({ vm: deleted }),
    want: [removeFinalizer(deleted, finalizer.vm)],
  },
  {
    when: "a deleted VM leaves a foreign instance",
    given: seen({ vm: deleted, vmi: foreign }),
    want: [removeFinalizer(deleted, finalizer.vm)],
  },
  {
    when: "a VM deleted with --cascade=orphan leaves its instance",
    given: seen({ vm: aVm({ metadata: { ...leaving, finalizers: [finalizer.vm, "orphan"] } }), vmi: running }),
    want: [removeFinalizer(aVm({ metadata: { ...leaving, finalizers: [finalizer.vm, "orphan"] } }), finalizer.vm)],
  },
  {
    when: "a deleted VM held by others is left alone",
    given: seen({ vm: aVm({ metadata: { ...leaving, finalizers: ["other"] } }) }),
    want: [],
  },
  {
    when: "a new instance gets a moment before it is told of",
    given: seen({ vmi: aVmi({ metadata: { creationTimestamp: "2026-01-02T11:59:59Z" } }) }),
    want: [requeue(1)],
  },
  { when: "one that stays without status is told of", given: seen({ vmi: aVmi() }), want: [told] },
])("$when", ({ given, want }) => expect(reconcile(given)).toEqual(want));

const refusal: Refusal = {
  verb: "create",
  kind: "VirtualMachineInstance",
  name: "web",
  message: "spec.x: Required value",
};

test("a refused instance is a failure that is told once", () => {
  const [status, event] = reconcile(seen({ refusal }));
  const failure = { type: "Failure", status: "True", reason: "FailedCreate", message: refusal.message };
  expect(status).toMatchObject({ verb: "applyStatus", status: { printableStatus: "Stopped" } });
  expect(status).toMatchObject({ status: { conditions: [{ type: "Ready" }, failure] } });
  expect(event).toMatchObject({ event: { type: "Warning", reason: "FailedCreate", message: refusal.message } });

  const knowing = aVm({ runStrategy: "Always", status: { conditions: [{ ...failure, status: "True" }] } });
  const verbs = reconcile(seen({ vm: knowing, refusal })).map(({ verb }) => verb);
  expect(verbs).toEqual(["applyStatus", "requeue"]);
});

test.each([
  {
    when: "a refused stop",
    given: seen({ vm: deleted, vmi: running, refusal: { ...refusal, verb: "delete" } }),
    want: "FailedDelete",
  },
  {
    when: "running beside runStrategy",
    given: seen({ vm: aVm({ runStrategy: "Always", spec: { running: true } }) }),
    want: "FailedCreate",
  },
  {
    when: "an unknown strategy",
    given: seen({ vm: aVm({ runStrategy: "Sometimes" as "Always" }) }),
    want: "FailedCreate",
  },
  { when: "a foreign instance", given: seen({ vmi: foreign }), want: "FailedCreate" },
])("$when is condition Failure for reason $want", ({ given, want }) => {
  const [status] = reconcile(given);
  expect(status).toMatchObject({
    status: { conditions: expect.arrayContaining([expect.objectContaining({ type: "Failure", reason: want })]) },
  });
});

test.each([
  {
    when: "the end of a VM is told once",
    conditions: [],
    vmi: aVmi({ phase: "Failed", metadata: leaving }),
    want: [],
  },
  { when: "its instance still goes first", conditions: [], vmi: running, want: ["delete"] },
  {
    when: "and a failure that is over is taken back",
    conditions: [{ type: "Failure", status: "True" as const }],
    vmi: running,
    want: ["applyStatus", "delete"],
  },
])("$when", ({ conditions, vmi, want }) => {
  const vm = { ...deleted, status: { printableStatus: "Terminating", conditions } };
  expect(reconcile(seen({ vm, vmi })).map(({ verb }) => verb)).toEqual(want);
});

const inAMinute = { consecutiveFailCount: 1, retryAfterTimestamp: "2026-01-02T12:01:00Z" };
const aMinuteAgo = { consecutiveFailCount: 1, retryAfterTimestamp: "2026-01-02T11:59:00Z" };

test.each([
  { when: "while the next start is not due", startFailure: inAMinute, want: "no room" },
  { when: "not when it is due", startFailure: aMinuteAgo, want: undefined },
  { when: "not of another spec", startFailure: inAMinute, desiredGeneration: 1, want: undefined },
  { when: "not when it has no instance on purpose", runStrategy: "Halted" as const, want: undefined },
])("a start that was refused is told of $when", ({ startFailure, desiredGeneration = 2, runStrategy, want }) => {
  const conditions = [{ type: "Failure", status: "True" as const, reason: "FailedCreate", message: "no room" }];
  const status = { conditions, desiredGeneration, ...(startFailure && { startFailure }) };
  const refused = aVm({ runStrategy: runStrategy ?? "Always", metadata: { generation: 2 }, status });
  const told = reconcile(seen({ vm: refused })).find(({ verb }) => verb === "applyStatus");
  const failure = (told as { status?: VmStatus } | undefined)?.status?.conditions?.find(
    ({ type }) => type === "Failure",
  );
  expect(failure?.message).toBe(want);
});

test("the failed start is remembered before the instance goes", () => {
  const failed = aVmi({ phase: "Failed" });
  const intents = reconcile(seen({ vmi: failed }));
  expect(intents.map(({ verb }) => verb)).toEqual(["applyStatus", "delete", "event"]);
  expect(intents[0]).toMatchObject({
    status: { startFailure: { consecutiveFailCount: 1 }, printableStatus: "CrashLoopBackOff" },
  });
});

test("the instance is the template with the VM's mark", () => {
  const template = {
    metadata: { labels: { app: "web" }, annotations: { note: "x" } },
    spec: { domain: { firmware: { serial: "7" } } },
  };
  const instance = instanceOf(aVm({ metadata: { generation: 4, labels: { mine: "yes" } }, spec: { template } }));
  expect(instance).toEqual({
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: {
      name: "web",
      namespace: "default",
      labels: { app: "web" },
      annotations: { note: "x", "kubevirt.io/vm-generation": "4" },
      ownerReferences: [owner],
      finalizers: [finalizer.vmi],
    },
    spec: { domain: { firmware: { serial: "7", uuid: "6878559b-0a56-594e-9307-783b1c715d1c" } } },
  });
});

test("guests are told apart by their VMs, and keep what their template says", () => {
  const uuidOf = (vm: ReturnType<typeof aVm>) => instanceOf(vm).spec.domain.firmware?.uuid;
  const [mine, others] = [aVm(), aVm({ metadata: { namespace: "other", uid: "other-uid" } })];
  expect(uuidOf(mine)).toBe(uuidOf(aVm({ metadata: { generation: 9 } })));
  expect(uuidOf(others)).not.toBe(uuidOf(mine));
  const uuid = "5d307ca9-b3ef-428c-8861-06e72d69f223";
  expect(uuidOf(aVm({ template: { domain: { firmware: { uuid } } } }))).toBe(uuid);
});

test.each([
  { when: "a start that waits is asked for", data: { paused: "true" }, want: "Paused" },
  { when: "a start is asked for", data: undefined, want: undefined },
])("the instance's startStrategy is $want when $when", ({ data, want }) => {
  const wish = { action: "Start" as const, ...(data && { data }) };
  const vm = aVm({ runStrategy: "Manual", status: { stateChangeRequests: [wish] } });
  expect(instanceOf(vm).spec).toEqual({ ...instanceOf(aVm()).spec, ...(want && { startStrategy: want }) });
});
