import { expect, test } from "@jest/globals";
import type { ObjectMeta, Pod, PodSpec, PodStatus } from "@knvirt/kubernetes";
import type { ContainerExit, MachineContainer, MachinePod } from "./observe.ts";
import { type Action, type Observed, reconcile } from "./reconcile.ts";
import { podStatus } from "./status.ts";

const at = (time: string): Date => new Date(`2026-01-01T${time}Z`);
const now = at("12:00:00");
const hostIP = "192.0.2.1";

interface Given {
  spec?: Partial<PodSpec>;
  status?: PodStatus;
  metadata?: Partial<ObjectMeta>;
}
const aPod = ({ spec = {}, status, metadata = {} }: Given = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid: "u", ...metadata },
  spec: { restartPolicy: "Never", containers: [{ name: "main", image: "i" }], ...spec },
  ...(status && { status }),
});
const deleting = { deletionTimestamp: "2026-01-01T11:59:59Z", deletionGracePeriodSeconds: 30 };
const start = { startedAt: "2026-01-01T11:00:00Z", image: "i", imageID: "i@sha256:1" };
const anExit = (given: Partial<ContainerExit> = {}): ContainerExit => ({
  ...{ exitCode: 0, finishedAt: "2026-01-01T11:59:55Z", message: "", isOutOfMemory: false, isUnseen: false },
  ...given,
});
const container = (given: Partial<MachineContainer>): MachineContainer => ({
  ...{ attempt: 0, state: "unfinished", start: undefined, pid: undefined, exit: undefined },
  ...given,
});
const running = container({ state: "running", start, pid: 7 });
const ended = (given: Partial<ContainerExit> = {}) => container({ state: "exited", start, exit: anExit(given) });
const aMachine = (main: MachineContainer | undefined, given: Partial<MachinePod> = {}): MachinePod => ({
  ...{ uid: "u", pod: aPod(), sandbox: { ip: "10.0.0.2", createdAt: "" }, killAt: undefined, isReleased: false },
  containers: main ? { main } : {},
  ...given,
});
const seen = (given: Partial<Observed>): Observed => ({
  ...{ pod: undefined, machine: undefined, trouble: undefined, verdicts: {}, hostIP, now },
  ...given,
});
/** The pod with the status that was reported for this machine. */
const told = (machine: MachinePod, given: Given = {}): Pod =>
  aPod({ ...given, status: podStatus(aPod(given), { machine, trouble: undefined, verdicts: {}, hostIP, now }) });
const verbs = (actions: Action[]) => actions.map(({ verb }) => verb);
const unready = { isReady: false, isAlive: true };
const dead = { isReady: true, isAlive: false };
const trouble = {
  reason: "ErrImagePull" as const,
  message: "image i: there is no such image",
  count: 1,
  retryAt: at("12:00:05"),
};

test.each<{ when: string; given: Partial<Observed>; want: Action["verb"][] }>([
  { when: "nothing is known of it", given: {}, want: [] },
  { when: "a new pod", given: { pod: aPod() }, want: ["start"] },
  { when: "a new pod in trouble", given: { pod: aPod(), trouble }, want: ["applyStatus", "lookAgain"] },
  { when: "trouble is over", given: { pod: aPod(), trouble: { ...trouble, retryAt: now } }, want: ["start"] },
  {
    when: "a pod that cannot run here",
    given: { pod: aPod({ spec: { hostNetwork: true } as object }) },
    want: ["applyStatus"],
  },
  {
    when: "a pod that ran, and is unknown now",
    given: { pod: aPod({ status: { phase: "Running" } }) },
    want: ["applyStatus"],
  },
  { when: "half made", given: { pod: aPod(), machine: aMachine(container({})) }, want: ["start"] },
  { when: "only its directory made", given: { pod: aPod(), machine: aMachine(undefined) }, want: ["start"] },
  { when: "it runs: told", given: { pod: aPod(), machine: aMachine(running) }, want: ["applyStatus"] },
  { when: "it runs, as told", given: { pod: told(aMachine(running)), machine: aMachine(running) }, want: [] },
  {
    when: "it does not live any more",
    given: { pod: told(aMachine(running)), machine: aMachine(running), verdicts: { main: dead } },
    want: ["terminate", "lookAgain"],
  },
  {
    when: "it had its time to end",
    given: { pod: told(aMachine(running)), machine: aMachine(running, { killAt: now }) },
    want: ["kill", "lookAgain"],
  },
  {
    when: "it ended, because it did not live any more",
    given: { pod: told(aMachine(running)), machine: aMachine(ended(), { killAt: now }) },
    want: ["applyStatus"],
  },
  {
    when: "it is ready no more",
    given: { pod: told(aMachine(running)), machine: aMachine(running), verdicts: { main: unready } },
    want: ["applyStatus"],
  },
  { when: "it ended", given: { pod: told(aMachine(running)), machine: aMachine(ended()) }, want: ["applyStatus"] },
  { when: "its end is told", given: { pod: told(aMachine(ended())), machine: aMachine(ended()) }, want: ["release"] },
  {
    when: "all is given back",
    given: { pod: told(aMachine(ended())), machine: aMachine(ended(), { isReleased: true }) },
    want: [],
  },
  {
    when: "to be started again, not yet",
    given: { pod: aPod({ spec: { restartPolicy: "Always" } }), machine: aMachine(ended()) },
    want: ["lookAgain", "applyStatus"],
  },
  {
    when: "to be started again, now",
    given: {
      pod: aPod({ spec: { restartPolicy: "OnFailure" } }),
      machine: aMachine(ended({ exitCode: 1, finishedAt: "2026-01-01T11:59:50Z" })),
    },
    want: ["start", "applyStatus"],
  },
  { when: "deleted before it was here", given: { pod: aPod({ metadata: deleting }) }, want: ["deleteObject"] },
  {
    when: "deleted while it runs",
    given: { pod: aPod({ metadata: deleting }), machine: aMachine(running) },
    want: ["terminate", "lookAgain"],
  },
  {
    when: "asked to end already",
    given: { pod: aPod({ metadata: deleting }), machine: aMachine(running, { killAt: at("12:00:10") }) },
    want: ["lookAgain"],
  },
  {
    when: "asked to end sooner",
    given: {
      pod: aPod({ metadata: { ...deleting, deletionGracePeriodSeconds: 1 } }),
      machine: aMachine(running, { killAt: at("12:00:10") }),
    },
    want: ["terminate", "lookAgain"],
  },
  {
    when: "out of time",
    given: { pod: aPod({ metadata: deleting }), machine: aMachine(running, { killAt: now }) },
    want: ["kill", "lookAgain"],
  },
  {
    when: "deleted and ended",
    given: { pod: aPod({ metadata: deleting }), machine: aMachine(ended()) },
    want: ["applyStatus", "release", "deleteObject", "forget"],
  },
  {
    when: "deleted and ended, and finalizers keep it",
    given: {
      pod: told(aMachine(ended()), { metadata: { ...deleting, deletionGracePeriodSeconds: 0 } }),
      machine: aMachine(ended()),
    },
    want: ["release", "forget"],
  },
  {
    when: "gone from the API while it runs",
    given: { machine: aMachine(running) },
    want: ["terminate", "lookAgain"],
  },
  { when: "gone from the API and ended", given: { machine: aMachine(ended()) }, want: ["release", "forget"] },
  {
    when: "gone from the API, half made with a process",
    given: { machine: aMachine(container({ pid: 7 })) },
    want: ["terminate", "lookAgain"],
  },
  {
    when: "declared to have failed while it runs",
    given: { pod: aPod({ status: { phase: "Failed" } }), machine: aMachine(running) },
    want: ["terminate", "lookAgain"],
  },
])("$when", ({ given, want }) => expect(verbs(reconcile(seen(given)))).toEqual(want));

test.each([
  { when: "runs", machine: aMachine(running), phase: "Running", state: { running: { startedAt: start.startedAt } } },
  {
    when: "succeeded",
    machine: aMachine(ended()),
    phase: "Succeeded",
    state: { terminated: { exitCode: 0, reason: "Completed" } },
  },
  {
    when: "failed",
    machine: aMachine(ended({ exitCode: 10, message: "no disk" })),
    phase: "Failed",
    state: { terminated: { exitCode: 10, reason: "Error", message: "no disk" } },
  },
  {
    when: "out of memory",
    machine: aMachine(ended({ exitCode: 137, isOutOfMemory: true })),
    phase: "Failed",
    state: { terminated: { exitCode: 137, reason: "OOMKilled" } },
  },
  {
    when: "ended unseen",
    machine: aMachine(ended({ exitCode: 137, isUnseen: true })),
    phase: "Failed",
    state: { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } },
  },
])("status: $when", ({ machine, phase, state }) => {
  const status = podStatus(aPod(), { machine, trouble: undefined, verdicts: {}, hostIP, now });
  expect(status).toMatchObject({ phase, hostIP, podIP: "10.0.0.2", containerStatuses: [{ name: "main", state }] });
});

test.each([
  { count: 1, reason: "ErrImagePull" as const, want: "ErrImagePull" },
  { count: 2, reason: "ErrImagePull" as const, want: "ImagePullBackOff" },
  { count: 3, reason: "FailedMount" as const, want: "ContainerCreating" },
  { count: 1, reason: "CreateContainerConfigError" as const, want: "CreateContainerConfigError" },
])("waiting for $reason, time $count, is $want", ({ count, reason, want }) => {
  const status = podStatus(aPod(), {
    machine: undefined,
    trouble: { ...trouble, count, reason },
    verdicts: {},
    hostIP,
    now,
  });
  expect(status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: want, message: trouble.message } });
});

const asked = aPod({
  spec: { containers: [{ name: "main", image: "i", readinessProbe: { tcpSocket: { port: 1 } } }] },
});

test.each<{ when: string; pod: Pod; verdicts: Observed["verdicts"]; want: boolean }>([
  { when: "it is not asked", pod: aPod(), verdicts: {}, want: true },
  { when: "it was not asked yet", pod: asked, verdicts: {}, want: false },
  { when: "it answers", pod: asked, verdicts: { main: { isReady: true, isAlive: true } }, want: true },
  { when: "it does not answer", pod: asked, verdicts: { main: unready }, want: false },
])("a container that runs is ready when $when: $want", ({ pod, verdicts, want }) => {
  const status = podStatus(pod, { machine: aMachine(running), trouble: undefined, verdicts, hostIP, now });
  expect(status.containerStatuses?.[0]?.ready).toBe(want);
  expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe(want ? "True" : "False");
});

test("a condition keeps the time since when it holds", () => {
  const earlier = podStatus(aPod(), {
    machine: aMachine(running),
    trouble: undefined,
    verdicts: {},
    hostIP,
    now: at("11:00:00"),
  });
  const later = podStatus(aPod({ status: earlier }), {
    machine: aMachine(ended()),
    trouble: undefined,
    verdicts: {},
    hostIP,
    now,
  });
  const since = (type: string) => later.conditions?.find((condition) => condition.type === type)?.lastTransitionTime;
  expect([since("Initialized"), since("Ready")]).toEqual(["2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z"]);
});
