// What goes wrong: each fault of a plan as it is done to the world.
import type { Container } from "../cluster/index.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { Fault, FaultKind, OfKind, Part, Role, Target, Trouble } from "../plan/plan.ts";
import type { Conditioning } from "./conditioning.ts";
import { end } from "./deaths.ts";
import { resourceOf } from "./parts.ts";
import { count, nodeAt, processesOf, type Stage } from "./stage.ts";
import type { Traps } from "./traps.ts";

export interface Faulting {
  stage: Stage;
  conditioning: Conditioning;
  traps: Traps;
}

/** Answers how many it hit. */
type Play<Kind extends FaultKind> = (fault: OfKind<Trouble, Kind>, faulting: Faulting) => number;

const plays: { [Kind in FaultKind]: Play<Kind> } = {
  kill: ({ backAfterMs, ...target }, { stage }) => {
    const victim = targetOf(stage, target);
    return victim ? end(stage, { victims: [victim], role: target.role, backAfterMs }) : 0;
  },
  killAtWrite: (fault, { traps }) => {
    traps.set(fault);
    return 0; // counted when it strikes
  },
  lateWrite: (fault, { traps }) => {
    traps.set(fault);
    return 0; // counted when it strikes
  },
  killAll: ({ backAfterMs }, { stage }) =>
    end(stage, { victims: ours.flatMap((role) => processesOf(stage, role)), backAfterMs }),
  freeze: ({ forMs, ...target }, { stage }) => {
    const victim = targetOf(stage, target);
    victim?.freeze();
    if (victim) stage.lasting.until(forMs, () => victim.thaw());
    return victim ? 1 : 0;
  },
  jumpClock: ({ byMs, ...target }, { stage }) => {
    const victim = targetOf(stage, target);
    if (victim) setClock(stage, victim, byMs);
    return victim ? 1 : 0;
  },
  events: (fault, { conditioning }) => conditioning.worsen(fault),
  apiAway: (fault, { conditioning, stage }) => {
    conditioning.worsen(fault);
    stage.world.network.breakConnections();
    return 1;
  },
  network: (fault, { conditioning }) => conditioning.worsen(fault),
  breakConnections: (_, { stage }) => {
    stage.world.network.breakConnections();
    return 1;
  },
  compact: (_, { stage }) => {
    stage.world.api.compact();
    return 1;
  },
  freezeNode: ({ node: index, forMs }, { stage }) => {
    const node = nodeAt(stage, index);
    if (!node.isUp || node.isFrozen) return 0;
    node.freeze();
    stage.lasting.until(forMs, () => node.isFrozen && node.thaw());
    return 1;
  },
  powerOff: ({ node: index, forMs }, { stage }) => {
    const node = nodeAt(stage, index);
    if (!node.isUp) return 0;
    node.powerOff();
    stage.lasting.until(forMs, () => !node.isUp && node.powerOn());
    return 1;
  },
  cutOff: ({ node: index, forMs }, { stage }) => {
    const node = nodeAt(stage, index);
    if (node.isCutOff) return 0;
    node.cutOff();
    stage.lasting.until(forMs, () => node.isCutOff && node.reconnect());
    return 1;
  },
  launcherDies: ({ vm }, { stage }) => ofContainers(stage, vm, (container) => container.killLauncher()),
  libvirtDies: ({ vm }, { stage }) => ofContainers(stage, vm, (container) => container.killLibvirt()),
  guestCrashes: ({ vm }, { stage }) =>
    ofContainers(stage, vm, (container) => container.hasGuest && container.crashGuest()),
  launcherHides: ({ vm, forMs }, { stage }) =>
    ofContainers(stage, vm, (container) => stage.lasting.until(forMs, container.hideLauncher())),
  refusePods: (fault, { conditioning }) => conditioning.worsen(fault),
  refuseInstances: (fault, { conditioning }) => conditioning.worsen(fault),
  failWrites: (fault, { conditioning }) => conditioning.worsen(fault),
  isolate: ({ forMs, ...target }, { stage }) => {
    const victim = targetOf(stage, target);
    return victim ? isolate(stage, victim, forMs) : 0;
  },
  stallWatch: ({ of, forMs, ...target }, { stage }) => {
    const victim = targetOf(stage, target);
    return victim ? stall(stage, { victim, of, forMs }) : 0;
  },
};

const ours: Role[] = ["functions", "source", "controller", "executor", "gateway"];

function targetOf(stage: Stage, { role, which }: Target): SimulatedProcess | undefined {
  const living = processesOf(stage, role);
  return living[which % living.length];
}

/** It is set right when all is healed, if the process still lives. */
function setClock({ ledger, lasting }: Stage, victim: SimulatedProcess, byMs: number): void {
  const set = (by: number): void => {
    victim.jump(by);
    ledger.clock({ process: victim.name, byMs: by });
  };
  set(byMs);
  lasting.until(Number.POSITIVE_INFINITY, () => victim.isAlive && set(-byMs));
}

/** Whoever has its name, until it is over. */
function isolate({ world: { network }, lasting }: Stage, victim: SimulatedProcess, forMs: number): number {
  const { isolated } = network.conditions;
  isolated.add(victim.name);
  network.breakConnections(victim);
  lasting.until(forMs, () => isolated.delete(victim.name));
  return 1;
}

interface Stall {
  victim: SimulatedProcess;
  of: Part;
  forMs: number;
}

function stall({ world: { network }, lasting }: Stage, { victim: { name }, of, forMs }: Stall): number {
  const { stalled } = network.conditions;
  const { plural } = resourceOf[of];
  const plurals = stalled.get(name) ?? new Set();
  stalled.set(name, plurals.add(plural));
  lasting.until(forMs, () => plurals.delete(plural));
  return 1;
}

function ofContainers({ cluster }: Stage, vm: string, happen: (container: Container) => void): number {
  const living = cluster.nodes.flatMap((node) => node.containers()).filter((container) => container.vmi.name === vm);
  for (const container of living) happen(container);
  return living.length;
}

export function playFault(faulting: Faulting, fault: Fault): void {
  const { stage } = faulting;
  stage.world.trace.add("fault", () => JSON.stringify(fault));
  const play = plays[fault.kind] as (fault: Fault, faulting: Faulting) => number;
  if (play(fault, faulting) > 0) count(stage, fault.kind);
}
