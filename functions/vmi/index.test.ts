import { finalizer, label, type VirtualMachineInstance, type VmiSpec } from "@knvirt/api";
import type { Condition, Pod } from "@knvirt/kubernetes";
import { addFinalizer, create, type Refusal, remove, removeFinalizer } from "../runtime/intents.ts";
import { aPod, at, aVmi, computeIs, ownedByVmi } from "../testing/builders.ts";
import { reconcile } from "./index.ts";
import { launcherPod } from "./launcher-pod.ts";
import type { Observed } from "./observed.ts";

const now = at("12:00:00");
const settings = { image: "launcher:1" };
const seen = (given: Partial<Observed>): Observed => ({
  vmi: aVmi(),
  pod: undefined,
  claims: [],
  kubevirt: undefined,
  settings,
  now,
  refusal: undefined,
  ...given,
});
const podOf = (vmi: VirtualMachineInstance): Pod => launcherPod({ vmi, claims: [], kubevirt: undefined, settings });
const verbs = (given: Partial<Observed>) => reconcile(seen(given)).map(({ verb }) => verb);
const statusIn = (given: Partial<Observed>) => {
  const found = reconcile(seen(given)).find(({ verb }) => verb === "applyStatus");
  return found?.verb === "applyStatus" ? (found.status as NonNullable<VirtualMachineInstance["status"]>) : undefined;
};
const stamp = (phase: string, time: string) => ({ phase, phaseTransitionTimestamp: `2026-01-02T${time}.000Z` });

const leaving = { deletionTimestamp: "2026-01-02T12:00:00Z" };
const scheduling = aVmi({
  phase: "Scheduling",
  status: { phaseTransitionTimestamps: [stamp("Pending", "11:59:00"), stamp("Scheduling", "11:59:01")] },
});
const placed = aVmi({ phase: "Scheduling", status: { ...scheduling.status, nodeName: "node-1" } });
const running = aVmi({ phase: "Running", status: { nodeName: "node-1" } });
const failed = aVmi({ phase: "Failed" });
const bare = aVmi({ metadata: { finalizers: [] } });
const gone = (vmi: VirtualMachineInstance) => ({ ...vmi, metadata: { ...vmi.metadata, ...leaving } });
const starting = aPod({ status: { phase: "Pending" } });
const { nodeName: _, ...unboundSpec } = starting.spec;
const unbound: Pod = { ...starting, spec: unboundSpec };
const crowded = (conditions: Condition[]): Pod => ({ ...unbound, status: { phase: "Pending", conditions } });
const up = aPod({ status: { phase: "Running" } });
const ended = (exitCode: number, message?: string) =>
  aPod({
    status: computeIs(
      {
        terminated: {
          exitCode,
          startedAt: "2026-01-02T11:59:10Z",
          finishedAt: "2026-01-02T11:59:50Z",
          ...(message && { message }),
        },
      },
      { phase: exitCode === 0 ? "Succeeded" : "Failed" },
    ),
  });
const podIs = (ready: Partial<Condition>, metadata = {}) =>
  aPod({
    metadata,
    status: computeIs(
      { running: { startedAt: "2026-01-02T11:59:10Z" } },
      {
        phase: "Running",
        conditions: [
          { type: "ContainersReady", status: "True" },
          { type: "Ready", status: "False", ...ready },
        ],
      },
    ),
  });
const readyPod = podIs({ status: "True" });
/** As the node controller leaves it. */
const unreachable = podIs({});
const gated = podIs({ reason: "ReadinessGatesNotReady", message: "load balancer" });
const readyVmi = aVmi({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] });
const unreadyVmi = aVmi({
  phase: "Running",
  conditions: [{ type: "Ready", status: "False", reason: "NodeUnresponsive" }],
});
const foreign = aPod({ metadata: { ownerReferences: [{ ...ownedByVmi, uid: "earlier" }] } });

test.each([
  { when: "a new instance gets its pod", given: {}, want: ["create"] },
  { when: "a bare one is held first", given: { vmi: bare }, want: ["addFinalizer", "create"] },
  { when: "a pod is told of when it has a node", given: { pod: starting }, want: ["applyStatus"] },
  { when: "not while it waits for one", given: { pod: unbound }, want: [] },
  {
    when: "unless it is to go before",
    given: { pod: { ...unbound, metadata: { ...unbound.metadata, ...leaving } } },
    want: ["applyStatus"],
  },
  { when: "a starting pod is told of", given: { vmi: scheduling, pod: starting }, want: ["applyStatus"] },
  { when: "one that started unseen too", given: { pod: up }, want: ["applyStatus"] },
  { when: "while the pod runs the executor of the named node speaks", given: { vmi: placed, pod: up }, want: [] },
  { when: "and goes on to", given: { vmi: running, pod: up }, want: [] },
  { when: "a lost pod is not made again", given: { vmi: running }, want: ["applyStatus", "event"] },
  { when: "nor one lost while starting", given: { vmi: scheduling }, want: ["applyStatus", "event"] },
  {
    when: "a pod of somebody else is not ours",
    given: { vmi: running, pod: foreign },
    want: ["applyStatus", "event"],
  },
  {
    when: "a finished guest is told of, its pod kept",
    given: { vmi: running, pod: ended(0) },
    want: ["applyStatus", "event"],
  },
  { when: "a failed one is told of too", given: { vmi: running, pod: ended(10) }, want: ["applyStatus", "event"] },
  { when: "nothing leaves a final phase", given: { vmi: failed, pod: ended(0) }, want: [] },
  { when: "nor is a pod made in one", given: { vmi: failed }, want: [] },
  {
    when: "a deleted instance takes its pod along",
    given: { vmi: gone(running), pod: up },
    want: ["delete"],
  },
  {
    when: "a starting one too",
    given: { vmi: gone(scheduling), pod: starting },
    want: ["applyStatus", "delete"],
  },
  {
    when: "the pod is given its time",
    given: { vmi: gone(running), pod: aPod({ metadata: leaving, status: { phase: "Running" } }) },
    want: [],
  },
  {
    when: "an ended pod goes after the end was told",
    given: { vmi: gone(running), pod: ended(0) },
    want: ["applyStatus", "delete"],
  },
  { when: "without a pod the instance goes", given: { vmi: gone(failed) }, want: ["removeFinalizer"] },
  {
    when: "so does one whose pod has gone in the meantime",
    given: { vmi: gone(running) },
    want: ["removeFinalizer"],
  },
  { when: "and one that never had a pod", given: { vmi: gone(aVmi()) }, want: ["removeFinalizer"] },
  {
    when: "a node that is not heard of is told of, once",
    given: { vmi: readyVmi, pod: unreachable },
    want: ["applyStatus", "event"],
  },
  {
    when: "and its pod is not given up when it is to be evicted",
    given: { vmi: readyVmi, pod: { ...unreachable, metadata: { ...unreachable.metadata, ...leaving } } },
    want: ["applyStatus", "event"],
  },
  { when: "what was told of it is not told again", given: { vmi: unreadyVmi, pod: unreachable }, want: [] },
  { when: "nor is anything when it is back", given: { vmi: unreadyVmi, pod: readyPod }, want: [] },
  {
    when: "a readiness gate that does not hold is no lost node",
    given: { vmi: readyVmi, pod: gated },
    want: [],
  },
  {
    when: "an instance on a lost node that is deleted waits for its pod",
    given: {
      vmi: gone(unreadyVmi),
      pod: { ...unreachable, metadata: { ...unreachable.metadata, ...leaving } },
    },
    want: [],
  },
  { when: "a deleted one makes no pod", given: { vmi: gone(bare) }, want: ["applyStatus"] },
  {
    when: "a pod whose label somebody took is looked at again, since nobody tells of it",
    given: { vmi: readyVmi, pod: { ...readyPod, metadata: { ...readyPod.metadata, labels: {} } } },
    want: ["requeue"],
  },
  {
    when: "an earlier instance's pod is waited for",
    given: { pod: { ...foreign, metadata: { ...foreign.metadata, ...leaving } } },
    want: ["applyStatus", "requeue"],
  },
  {
    when: "a foreign pod in the way is a problem",
    given: { pod: foreign },
    want: ["applyStatus", "event", "requeue"],
  },
  { when: "no memory is a problem", given: { vmi: aVmi({ spec: { domain: {} } }) }, want: ["applyStatus", "event"] },
])("$when", ({ given, want }) => expect(verbs(given)).toEqual(want));

test.each([
  { when: "made for this instance is ended with it", labels: { [label.createdBy]: "vmi-uid" }, want: "delete" },
  { when: "made for another one is left alone", labels: { [label.createdBy]: "other" }, want: "removeFinalizer" },
])("a pod that nobody controls and that was $when", ({ labels, want }) => {
  const pod = aPod({ metadata: { labels, ownerReferences: [] } });
  const vmi = aVmi({ phase: "Running", metadata: { deletionTimestamp: "2026-01-02T12:00:00Z" } });
  expect(verbs({ vmi, pod })).toContain(want);
});

test("the pod, the finalizers and the deletion name what they were decided on", () => {
  expect(reconcile(seen({ vmi: bare }))).toEqual(
    expect.arrayContaining([addFinalizer(bare, finalizer.vmi), create(podOf(bare))]),
  );
  expect(reconcile(seen({ vmi: gone(running), pod: up }))).toEqual([remove(up)]);
  expect(reconcile(seen({ vmi: gone(failed) }))).toEqual([removeFinalizer(gone(failed), finalizer.vmi)]);
});

test("the first status, whole", () => {
  const spec = { containers: [{ name: "compute", image: "launcher:1" }] };
  const pod = aPod({ spec, status: { phase: "Pending", qosClass: "Burstable" } });
  expect(statusIn({ pod })).toEqual({
    phase: "Scheduling",
    nodeName: "node-1",
    activePods: { "pod-uid": "node-1" },
    qosClass: "Burstable",
    launcherContainerImageVersion: "launcher:1",
    phaseTransitionTimestamps: [stamp("Pending", "11:59:00"), stamp("Scheduling", "11:59:01")],
    conditions: [
      {
        type: "Ready",
        status: "False",
        reason: "GuestNotRunning",
        message: "the guest is not running yet",
        lastTransitionTime: "2026-01-02T12:00:00.000Z",
      },
    ],
    currentCPUTopology: { sockets: 1, cores: 1, threads: 1 },
    memory: { guestRequested: "64Mi", memoryOverhead: "171Mi" },
    runtimeUser: 107,
  });
});

/** As the garbage collector of pods leaves it: the kubelet would have told how the container ended. */
const abandoned = (conditions: Condition[]) =>
  aPod({ status: computeIs({ running: { startedAt: "2026-01-02T11:59:10Z" } }, { phase: "Failed", conditions }) });

test.each([
  {
    when: "the guest ended",
    pod: ended(0),
    phase: "Succeeded",
    reason: "GuestEnded",
    message: "the guest ended in order",
  },
  {
    when: "the launcher failed",
    pod: ended(10, "UnsupportedDevice: no"),
    phase: "Failed",
    reason: "LauncherFailed",
    message: "UnsupportedDevice: no",
  },
  {
    when: "the launcher died",
    pod: ended(137),
    phase: "Failed",
    reason: "LauncherFailed",
    message: "container compute ended with exit code 137",
  },
  {
    when: "memory ran out",
    pod: aPod({ status: computeIs({ terminated: { exitCode: 137, reason: "OOMKilled" } }, { phase: "Failed" }) }),
    phase: "Failed",
    reason: "OOMKilled",
    message: "container compute ended with exit code 137",
  },
  {
    when: "the pod was evicted",
    pod: aPod({ status: { phase: "Failed", reason: "Evicted", message: "disk is full" } }),
    phase: "Failed",
    reason: "Evicted",
    message: "disk is full",
  },
  {
    when: "the node does not exist any more",
    pod: abandoned([
      {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
      },
    ]),
    phase: "Failed",
    reason: "NodeUnresponsive",
    message: "PodGC: node no longer exists",
  },
  {
    when: "the node was declared out of service",
    pod: abandoned([]),
    phase: "Failed",
    reason: "NodeUnresponsive",
    message: "the node of the launcher pod was lost",
  },
  {
    when: "the pod is gone",
    pod: undefined,
    phase: "Failed",
    reason: "LauncherLost",
    message: "launcher pod virt-launcher-web is gone",
  },
])("end: $when", ({ pod, phase, reason, message }) => {
  expect(statusIn({ vmi: running, pod })).toMatchObject({
    phase,
    reason,
    conditions: [{ type: "Ready", status: "False", reason: pod ? "GuestNotRunning" : "PodNotExists", message }],
  });
});

test("of a node that is not heard of the instance says so, keeps its phase and what else is known", () => {
  const pod = { ...unreachable, spec: { ...unreachable.spec, nodeName: "node-2" } };
  const status = statusIn({ vmi: readyVmi, pod });
  expect(status).toMatchObject({
    conditions: [
      {
        type: "Ready",
        status: "False",
        reason: "NodeUnresponsive",
        message: "node node-2 is not heard of: the guest may go on",
        lastTransitionTime: "2026-01-02T12:00:00.000Z",
      },
    ],
    runtimeUser: 107,
  });
  expect(status).not.toHaveProperty("phase");
});

test("phases that passed unseen are told with the pod's own times", () => {
  expect(statusIn({ vmi: scheduling, pod: ended(0) })?.phaseTransitionTimestamps).toEqual([
    stamp("Pending", "11:59:00"),
    stamp("Scheduling", "11:59:01"),
    stamp("Scheduled", "11:59:10"),
    stamp("Succeeded", "11:59:50"),
  ]);
  expect(statusIn({ pod: starting })?.phaseTransitionTimestamps).toEqual([
    stamp("Pending", "11:59:00"),
    stamp("Scheduling", "11:59:01"),
  ]);
});

const unschedulable: Condition = {
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message: "0/1 nodes are available",
  lastTransitionTime: "2026-01-02T11:59:02Z",
};
const withClaim: VmiSpec = {
  domain: { memory: { guest: "64Mi" } },
  volumes: [{ name: "root", persistentVolumeClaim: { claimName: "data" } }],
};
const waiting = (reason: string, message?: string) =>
  aPod({ status: computeIs({ waiting: { reason, ...(message && { message }) } }, { phase: "Pending" }) });

test.each([
  {
    when: "no node has room",
    pod: crowded([unschedulable]),
    want: unschedulable,
  },
  {
    when: "an image cannot be pulled",
    pod: waiting("ErrImagePull", "not found"),
    want: { type: "Synchronized", status: "False", reason: "ErrImagePull", message: "not found" },
  },
  {
    when: "and is tried more seldom",
    pod: waiting("ImagePullBackOff"),
    want: {
      type: "Synchronized",
      status: "False",
      reason: "ImagePullBackOff",
      message: "container compute cannot start",
    },
  },
  {
    when: "a Secret is missing",
    pod: waiting("CreateContainerConfigError", "secret user not found"),
    want: {
      type: "Synchronized",
      status: "False",
      reason: "CreateContainerConfigError",
      message: "secret user not found",
    },
  },
  { when: "there is no pod", vmi: aVmi({ spec: { domain: {} } }), want: { type: "Ready", reason: "PodNotExists" } },
  {
    when: "a claim is missing",
    vmi: aVmi({ spec: withClaim }),
    want: {
      type: "Synchronized",
      status: "False",
      reason: "FailedPvcNotFound",
      message: expect.stringContaining("default/data"),
    },
  },
  {
    when: "a pod cannot be placed for want of a claim",
    vmi: aVmi({ spec: withClaim }),
    want: { type: "PodScheduled", status: "False", reason: "Unschedulable", lastTransitionTime: expect.any(String) },
  },
  {
    when: "the pod is being deleted",
    pod: aPod({ metadata: leaving, status: { phase: "Pending" } }),
    want: { type: "Ready", status: "False", reason: "PodTerminating" },
  },
])("condition while $when", ({ vmi = scheduling, pod, want }) => {
  expect(statusIn({ vmi, pod })?.conditions).toContainEqual(expect.objectContaining(want));
});

test("an ordinary start has no other condition than Ready", () => {
  expect(statusIn({ vmi: scheduling, pod: waiting("ContainerCreating") })?.conditions).toMatchObject([
    { type: "Ready" },
  ]);
});

const refusal: Refusal = { verb: "create", kind: "Pod", name: "virt-launcher-web", message: "exceeded quota" };

test("a pod that may not be deleted is told of", () => {
  const refused: Refusal = { ...refusal, verb: "delete", message: "pods is forbidden" };
  const [event] = reconcile(seen({ vmi: gone(running), pod: up, refusal: refused }));
  expect(event).toMatchObject({
    verb: "event",
    event: { type: "Warning", reason: "FailedDelete", message: "pods is forbidden" },
  });
});

test.each([
  { when: "a refused pod", given: { refusal }, want: "exceeded quota" },
  {
    when: "no memory",
    given: { vmi: aVmi({ spec: { domain: {} } }) },
    want: "no memory requested: give spec.domain.memory.guest",
  },
  {
    when: "a quantity that is none",
    given: {
      vmi: aVmi({
        spec: { domain: { memory: { guest: "64Mi" }, resources: { requests: { cpu: "1e999", memory: ".5Mi" } } } },
      }),
    },
    want: 'quantity "1e999" is out of range',
  },
  {
    when: "a foreign pod",
    given: { pod: foreign },
    want: "pod virt-launcher-web exists already and belongs to VirtualMachineInstance web: delete it",
  },
])("$when leaves the instance Pending, and is told once", ({ given, want: message }) => {
  const condition = { type: "Synchronized", status: "False", reason: "FailedCreate", message };
  expect(statusIn(given)).toMatchObject({ phase: "Pending", conditions: [{ type: "Ready" }, condition] });
  const [, event] = reconcile(seen(given));
  expect(event).toMatchObject({ verb: "event", event: { type: "Warning", reason: "FailedCreate", message } });

  const { spec } = given.vmi ?? aVmi();
  const knowing = aVmi({ spec, phase: "Pending", conditions: [{ ...condition, status: "False" }] });
  const isWaiting = given.refusal !== undefined || given.pod !== undefined;
  expect(verbs({ ...given, vmi: knowing })).toEqual(["applyStatus", ...(isWaiting ? ["requeue"] : [])]);
});

test("what was said of a slow start is taken back once the guest runs, and only that", () => {
  const vmi = aVmi({
    phase: "Running",
    conditions: [unschedulable],
    status: { phaseTransitionTimestamps: [stamp("Pending", "11:59:00")] },
  });
  const status = statusIn({ vmi, pod: up });
  expect(status).toMatchObject({ phaseTransitionTimestamps: [stamp("Pending", "11:59:00")], runtimeUser: 107 });
  expect(status).not.toHaveProperty("phase");
  expect(status).not.toHaveProperty("conditions");
});

test.each([
  { what: "of a pod that was refused", reason: "FailedCreate", want: ["applyStatus"] },
  { what: "of it after a failed start that was made good", reason: "", want: ["applyStatus"] },
  { what: "by the executor", reason: "StartFailed", want: [] },
])("what is said $what when the guest runs: $want", ({ reason, want }) => {
  const left = { type: "Synchronized", status: "False" as const, ...(reason && { reason }) };
  const vmi = aVmi({ phase: "Running", conditions: [{ type: "Ready", status: "True" }, left] });
  expect(verbs({ vmi, pod: up })).toEqual(want);
});

test("an ordinary start takes two writes of ours, and the executor adds one", () => {
  const looks: Partial<Observed>[] = [
    {},
    { pod: unbound },
    { pod: starting },
    { pod: up, vmi: placed },
    { pod: up, vmi: readyVmi },
  ];
  expect(looks.flatMap((given) => verbs(given))).toEqual(["create", "applyStatus"]);
});

test("an instance whose first pod was told of when it was lost already is where its next one is", () => {
  const vmi = aVmi({ phase: "Scheduling", status: { nodeName: "node-0", activePods: { lost: "node-0" } } });
  const pod = aPod({ status: { phase: "Pending" } });
  expect(statusIn({ vmi, pod })).toMatchObject({ nodeName: "node-1", activePods: { "pod-uid": "node-1" } });
});
