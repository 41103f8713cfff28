// Whatever happens in whatever order: the functions come to rest, and what they left is what was wished for.
import { isFinal, type RunStrategy, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { isControlledBy, type Pod } from "@knvirt/kubernetes";
import { fc } from "../test/support/property.ts";
import { definitionsOf } from "./definitions.ts";
import type { Intent } from "./runtime/intents.ts";
import { aVm } from "./testing/builders.ts";
import { World } from "./testing/world.ts";
import { isUnreachable } from "./vmi/launcher.ts";

const settings = { image: "launcher:1" };
const nodeName = "node-1";
const [vmFunction, vmiFunction] = definitionsOf({ launcher: settings });
if (!vmFunction || !vmiFunction) throw new Error("there are two functions");

const seen = (world: World) => {
  const vmi = world.find<VirtualMachineInstance>("VirtualMachineInstance", "web");
  return {
    vm: world.find<VirtualMachine>("VirtualMachine", "web"),
    vmi,
    pod: world.find<Pod>("Pod", "virt-launcher-web"),
    claims: [],
    kubevirt: undefined,
    settings,
    now: world.now,
    refusal: undefined,
  };
};

/** A run that has observed and decided, and applies its decision when it is called: perhaps much later. */
function decide(world: World, definition: typeof vmFunction, primary: "vm" | "vmi"): () => boolean {
  const observed = seen(world);
  const intents: Intent[] = observed[primary] ? (definition?.reconcile(observed) ?? []) : [];
  return () => (definition ? world.apply(definition, intents) : true);
}

const runVm = (world: World) => decide(world, vmFunction, "vm");
const runVmi = (world: World) => decide(world, vmiFunction, "vmi");

/** Kubelet: a pod starts, ends, or goes when it is deleted. */
const podBecomes = (world: World, phase: "Running" | "Succeeded" | "Failed"): void => {
  const { pod } = seen(world);
  const from = phase === "Running" ? undefined : "Running";
  if (pod?.status?.phase !== from) return;
  const ended = { terminated: { exitCode: phase === "Succeeded" ? 0 : 10 } };
  const containerStatuses = phase === "Running" ? [] : [{ name: "compute", state: ended }];
  podIsBound(world);
  world.change(pod, (stored) => Object.assign(stored, { status: { phase, containerStatuses } }));
};

/** The scheduler. */
const podIsBound = (world: World): void => {
  const { pod } = seen(world);
  if (pod && !pod.spec.nodeName) world.change(pod, (stored) => Object.assign(stored.spec ?? {}, { nodeName }));
};

/** A pod that was made is held by its node until the node lets it go; a node that is not heard of lets nothing go. */
const podGoes = (world: World): void => {
  const { pod } = seen(world);
  if (pod?.metadata.deletionTimestamp && !isUnreachable(pod)) world.objects.delete("Pod/virt-launcher-web");
};

/** What the node controller does to a running pod, and what the kubelet says when it is back. */
const nodeIs = (world: World, heardOf: boolean): void => {
  const { pod } = seen(world);
  if (pod?.status?.phase !== "Running" || isUnreachable(pod) !== heardOf) return;
  const conditions = [
    { type: "ContainersReady", status: "True" },
    { type: "Ready", status: heardOf ? "True" : "False" },
  ];
  world.change(pod, (stored) => Object.assign(stored, { status: { ...pod.status, conditions } }));
};

/** The node does not exist any more: pods on it are declared failed, and go at once. */
const nodeGoes = (world: World): void => {
  const { pod } = seen(world);
  if (!isUnreachable(pod)) return;
  const containerStatuses = [{ name: "compute", state: { running: {} } }];
  world.change(pod, (stored) => Object.assign(stored, { status: { phase: "Failed", containerStatuses } }));
};

/** The garbage collector: what belongs to an object that is gone goes too. */
const collectGarbage = (world: World): void => {
  const { vm, vmi, pod } = seen(world);
  if (vmi && !vmi.metadata.deletionTimestamp && !(vm && isControlledBy(vmi, vm))) world.delete(vmi);
  if (pod && !pod.metadata.deletionTimestamp && !(vmi && isControlledBy(pod, vmi))) world.delete(pod);
};

/** The executor of the node: tells that the guest runs, once the instance is said to be of its node. */
const executorTells = (world: World): void => {
  const { vmi, pod } = seen(world);
  const isTold = vmi?.status?.phase === "Running" && vmi.status.conditions?.[0]?.status === "True";
  if (!vmi || isFinal(vmi) || vmi.status?.nodeName !== nodeName) return;
  if (pod?.status?.phase !== "Running" || isUnreachable(pod) || isTold) return;
  const time = world.now.toISOString();
  world.applyStatus(vmi, "knvirt-node-executor", {
    phase: "Running",
    nodeName,
    phaseTransitionTimestamps: [{ phase: "Running", phaseTransitionTimestamp: time }],
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: time }],
  });
};

type Wish = NonNullable<NonNullable<VirtualMachine["status"]>["stateChangeRequests"]>[number];

const request = (world: World, ...wishes: Wish[]): void => {
  const { vm } = seen(world);
  if (vm)
    world.applyStatus(vm, "gateway", { stateChangeRequests: [...(vm.status?.stateChangeRequests ?? []), ...wishes] });
};

const start: Wish = { action: "Start" };
const pausedStart: Wish = { action: "Start", data: { paused: "true" } };
const stopOf = (world: World): Wish => {
  const uid = seen(world).vmi?.metadata.uid;
  return { action: "Stop", ...(uid && { uid }) };
};

const switchTo = (world: World, runStrategy: RunStrategy): void =>
  world.change(seen(world).vm, (stored) => Object.assign(stored.spec ?? {}, { runStrategy }));

const wait = (world: World, seconds: number): void => {
  world.now = new Date(world.now.getTime() + seconds * 1000);
};

type Step = (world: World, late: (() => boolean)[]) => void;

const steps: Record<string, Step> = {
  vm: (world) => void runVm(world)(),
  vmi: (world) => void runVmi(world)(),
  "vm decides": (world, late) => void late.push(runVm(world)),
  "vmi decides": (world, late) => void late.push(runVmi(world)),
  "a late run acts": (_world, late) => void late.shift()?.(),
  "the last one acts": (_world, late) => void late.pop()?.(),
  "pod is bound": podIsBound,
  "pod starts": (world) => podBecomes(world, "Running"),
  "guest ends": (world) => podBecomes(world, "Succeeded"),
  "guest fails": (world) => podBecomes(world, "Failed"),
  "pod goes": podGoes,
  "pod is deleted by somebody": (world) => world.delete(seen(world).pod),
  "node falls silent": (world) => nodeIs(world, false),
  "node is back": (world) => nodeIs(world, true),
  "node is gone": nodeGoes,
  "executor tells": executorTells,
  "start is asked for": (world) => request(world, start),
  "start of a guest that waits is asked for": (world) => request(world, pausedStart),
  "stop is asked for": (world) => request(world, stopOf(world)),
  "restart is asked for": (world) => request(world, stopOf(world), start),
  "instance is deleted by somebody": (world) => world.delete(seen(world).vmi),
  "VM is deleted": (world) => world.delete(seen(world).vm),
  "Always is wished": (world) => switchTo(world, "Always"),
  "Halted is wished": (world) => switchTo(world, "Halted"),
  "seconds pass": (world) => wait(world, 3),
  "minutes pass": (world) => wait(world, 400),
};

const unsettling = new Set(["VM is deleted", "pod is deleted by somebody"]);

const strategies = fc.constantFrom<RunStrategy>("Always", "Halted", "Manual", "RerunOnFailure", "Once");
const plays = fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 40 });

function play(strategy: RunStrategy, names: string[]): World {
  const world = new World();
  world.create(aVm({ runStrategy: strategy, metadata: { finalizers: [] } }));
  const late: (() => boolean)[] = [];
  for (const name of names) steps[name]?.(world, late);
  for (const act of late) act();
  return world;
}

/** A sweep a minute, a node that does its duty, and a guest that goes on: until nobody writes any more. */
function settle(world: World): void {
  for (let minute = 0; minute < 30; minute++) {
    const before = world.writes;
    for (let round = 0; round < 3; round++) {
      collectGarbage(world);
      nodeIs(world, true);
      podGoes(world);
      podBecomes(world, "Running");
      executorTells(world);
      runVm(world)();
      runVmi(world)();
    }
    wait(world, 60);
    if (world.writes === before && minute > 6) return;
  }
  throw new Error(`no rest: ${JSON.stringify(Object.fromEntries(world.objects), null, 1)}`);
}

test("the functions come to rest from everywhere, and then write nothing", () => {
  fc.assert(
    fc.property(strategies, plays, (strategy, names) => {
      const world = play(strategy, names);
      settle(world);
      const { writes } = world;
      for (let minute = 0; minute < 5; minute++, wait(world, 60)) {
        runVm(world)();
        runVmi(world)();
      }
      expect(world.writes).toBe(writes);
    }),
    { numRuns: 400 },
  );
});

test("at rest the instance exists or not as the strategy says", () => {
  fc.assert(
    fc.property(strategies, plays, (strategy, names) => {
      const world = play(strategy, names);
      settle(world);
      const { vm, vmi, pod } = seen(world);
      if (!vm) return expect({ vmi, pod }).toEqual({ vmi: undefined, pod: undefined });
      if (vm.spec.runStrategy === "Always") {
        expect({ phase: vmi?.status?.phase, pod: pod?.status?.phase }).toEqual({ phase: "Running", pod: "Running" });
        expect(vm.status).toMatchObject({ printableStatus: "Running", ready: true });
      }
      if (vm.spec.runStrategy === "Halted") expect({ vmi, pod }).toEqual({ vmi: undefined, pod: undefined });
      expect(pod === undefined || vmi !== undefined).toBe(true);
      return undefined;
    }),
    { numRuns: 400 },
  );
});

test("an instance has one launcher in its life unless the first was lost before anything was told of it", () => {
  fc.assert(
    fc.property(strategies, plays, (strategy, names) => {
      const world = play(
        strategy,
        names.filter((name) => !unsettling.has(name)),
      );
      settle(world);
      const pods = world.made.filter(({ kind }) => kind === "Pod").map(({ owner }) => owner);
      expect(new Set(pods).size).toBe(pods.length);
    }),
    { numRuns: 400 },
  );
});
