// Users at work: each action of a plan as the requests that it consists of.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { nodes, persistentVolumeClaims, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { Action, ActionKind, Deed, OfKind } from "../plan/plan.ts";
import { ask, NotAsked } from "./ask.ts";
import { factOf } from "./facts.ts";
import { callGateway } from "./gateway-calls.ts";
import { hold, putInTheWay, putLabel, takeLabel, undoneLater } from "./hostile.ts";
import { keyOfPart } from "./parts.ts";
import { nodeAt, type Scene, type Stage } from "./stage.ts";
import {
  claimName,
  foreignInstance,
  foreignPod,
  isForeign,
  isForeignInstance,
  namespace,
  virtualMachine,
  virtualMachineInstance,
} from "./vm-objects.ts";

type Play<Kind extends ActionKind> = (deed: OfKind<Deed, Kind>, scene: Scene) => Promise<unknown>;

const vmPatch = ({ client }: Scene, name: string, spec: object) =>
  client.mergePatch(virtualMachines, { namespace, name }, { patch: { spec } });

const plays: { [Kind in ActionKind]: Play<Kind> } = {
  createVm: (deed, { client }) => client.create(virtualMachines, virtualMachine(deed)),
  createVmi: (deed, { client }) => client.create(virtualMachineInstances, virtualMachineInstance(deed)),
  deleteVm: ({ vm, propagation }, { client }) =>
    client.delete(virtualMachines, { namespace, name: vm }, { propagationPolicy: propagation }),
  deleteVmi: ({ vm, propagation }, { client }) =>
    client.delete(virtualMachineInstances, { namespace, name: vm }, { propagationPolicy: propagation }),
  deletePod: ({ vm, graceSeconds }, { client }) =>
    client.delete(
      pods,
      keyOfPart(vm, "pod"),
      graceSeconds === undefined ? {} : { gracePeriodSeconds: Math.max(1, graceSeconds) },
    ),
  forcePod: async ({ vm }, scene) => {
    if (!isOnNodeThatIsOff(scene.stage, vm)) throw new NotAsked(`pod of ${vm} is on no node that is off`);
    await scene.client.delete(pods, keyOfPart(vm, "pod"), { gracePeriodSeconds: 0 });
  },
  setStrategy: ({ vm, strategy }, scene) => vmPatch(scene, vm, { running: null, runStrategy: strategy }),
  setCores: ({ vm, cores }, scene) => vmPatch(scene, vm, { template: { spec: { domain: { cpu: { cores } } } } }),
  setTemplateLabel: ({ vm, value }, scene) =>
    vmPatch(scene, vm, { template: { metadata: { labels: { colour: value } } } }),
  start: ({ vm, isPaused }, { stage }) =>
    callGateway(stage.gateway.current, { verb: "start", vm, body: isPaused ? { paused: true } : {} }),
  stop: ({ vm, graceSeconds }, { stage }) =>
    callGateway(stage.gateway.current, {
      verb: "stop",
      vm,
      body: graceSeconds === undefined ? {} : { gracePeriod: graceSeconds },
    }),
  restart: ({ vm, isForced }, { stage }) =>
    callGateway(stage.gateway.current, { verb: "restart", vm, body: isForced ? { gracePeriodSeconds: 0 } : {} }),
  disown: ({ vm }, { client }) =>
    client.mergePatch(
      virtualMachineInstances,
      { namespace, name: vm },
      { patch: { metadata: { ownerReferences: null } } },
    ),
  takeLabel: ({ vm, of, label, forMs }, scene) => takeLabel(scene, { vm, of, label, forMs }),
  setLabel: ({ vm, of, value }, scene) => putLabel(scene, { vm, of, labels: { colour: value } }),
  foreignPod: ({ vm, forMs }, scene) =>
    putInTheWay(scene, { vm, of: "pod", forMs, isTheirs: isForeign }, () =>
      scene.client.create(pods, foreignPod(vm)),
    ),
  foreignVmi: (deed, scene) =>
    putInTheWay(scene, { vm: deed.vm, of: "vmi", forMs: deed.forMs, isTheirs: isForeignInstance }, () =>
      createForeignVmi(deed, scene),
    ),
  finalizer: ({ vm, of, forMs }, scene) => hold(scene, { vm, of, forMs }),
  cordon: cordon,
  removeNode: async ({ node: index }, { stage }) => {
    const node = nodeAt(stage, index);
    if (node.isUp) throw new NotAsked(`node ${node.name} is not off`);
    node.remove();
  },
};

async function createForeignVmi(deed: OfKind<Deed, "foreignVmi">, { client }: Scene): Promise<unknown> {
  const owner = await client.find(persistentVolumeClaims, { namespace, name: claimName(deed.vm) });
  if (!owner) throw new NotAsked(`${deed.vm} has no claim that an instance could belong to`);
  return client.create(virtualMachineInstances, foreignInstance(deed, owner));
}

async function cordon({ node: index, drains, forMs }: OfKind<Deed, "cordon">, scene: Scene): Promise<void> {
  const { stage, client } = scene;
  const { name } = nodeAt(stage, index);
  const set = (unschedulable: boolean) =>
    client.mergePatch(nodes, { name }, { patch: { spec: { unschedulable: unschedulable || null } } });
  await undoneLater(scene, { forMs, undo: () => set(false) }, () => set(true));
  const there = drains ? stage.world.api.all(pods).filter(({ spec }) => spec.nodeName === name) : [];
  await Promise.all(there.map(({ metadata }) => client.delete(pods, { namespace, name: metadata.name })));
}

function isOnNodeThatIsOff({ world, cluster }: Stage, vm: string): boolean {
  const pod = world.api.find(pods, keyOfPart(vm, "pod"));
  return cluster.nodes.some(({ name, isUp }) => !isUp && name === pod?.spec.nodeName);
}

const [insistsForMs, insistsEveryMs] = [180_000, 500];

export function playAction(stage: Stage, user: SimulatedProcess, action: Action): void {
  const { timeline } = stage.world;
  const scene: Scene = { stage, user, client: user.client };
  const fact = factOf(action, stage);
  const by = (isOfGateway(action) && stage.gateway.current) || user;
  const play = plays[action.kind] as (deed: Deed, scene: Scene) => Promise<unknown>;
  const untilMs = timeline.nowMs + insistsForMs;
  const once = async (): Promise<void> => {
    const answer = await ask(stage, { kind: action.kind, by, ...(fact && { fact }) }, () => play(action, scene));
    if (answer !== "refused" || timeline.nowMs > untilMs || !isInTheWay(stage, action)) return;
    user.reach(insistsEveryMs, () => void once());
  };
  user.note(() => `acts: ${JSON.stringify(action)}`);
  void once();
}

const isOfGateway = ({ kind }: Action): boolean => kind === "start" || kind === "stop" || kind === "restart";

/** What is to be created anew is still going. */
function isInTheWay({ world }: Stage, action: Action): boolean {
  if (action.kind !== "createVm" || !action.insists) return false;
  const there = world.api.find(virtualMachines, { namespace, name: action.vm });
  return there?.metadata.deletionTimestamp !== undefined;
}
