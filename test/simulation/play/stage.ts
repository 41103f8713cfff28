// Where a plan is played: the world with all that is in it, and what was begun and is still to be ended.
import type { Client } from "@knvirt/kubernetes";
import type { Cluster, SimulatedNode } from "../cluster/index.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import type { Ledger } from "../invariants/ledger.ts";
import type { Role } from "../plan/plan.ts";
import type { System } from "../system/index.ts";
import type { Supervised } from "../system/supervised.ts";

export interface Stage {
  world: World;
  cluster: Cluster;
  system: System;
  ledger: Ledger;
  gateway: Supervised;
  /** How often it really happened, by what it is. */
  happened: Map<string, number>;
  lasting: Lasting;
}

/** One user of the plan, with what there is to act on. */
export interface Scene {
  stage: Stage;
  user: SimulatedProcess;
  client: Client;
}

/** Counted around, so that a plan means something with fewer nodes, too. */
export function nodeAt({ cluster }: Stage, index: number): SimulatedNode {
  const node = cluster.nodes[index % cluster.nodes.length];
  if (!node) throw new Error("there are no nodes");
  return node;
}

export const count = ({ happened }: Pick<Stage, "happened">, what: string): void =>
  void happened.set(what, (happened.get(what) ?? 0) + 1);

/** What ends after a while, and at the latest when all is healed. */
export interface Lasting {
  /** Ends once; at once when all is healed already. */
  until(forMs: number, end: () => void): void;
  endAll(): void;
}

export function lastingOf({ timeline }: World): Lasting {
  const ends = new Set<() => void>();
  let isOver = false;
  return {
    until: (forMs, end) => {
      if (isOver) return end();
      const once = (): void => {
        if (!ends.delete(once)) return;
        callOff();
        end();
      };
      ends.add(once);
      const callOff = Number.isFinite(forMs) ? timeline.after(forMs, once) : () => undefined;
      return undefined;
    },
    endAll: () => {
      isOver = true;
      for (const end of [...ends]) end();
    },
  };
}

/** Those of the role that live. */
export function processesOf({ system, cluster, gateway, world }: Stage, role: Role): readonly SimulatedProcess[] {
  if (role === "gateway") return gateway.current ? [gateway.current] : [];
  if (role === "kubernetes") return named(world, (name) => cluster.controllers.includes(name));
  if (role === "kubelet") return named(world, (name) => name.startsWith("kubelet"));
  return system.processesOf(role);
}

/** Of the role, or all of ours, who is dead. */
export function restart({ system, gateway }: Stage, role?: Role): void {
  if (role === undefined || role === "gateway") gateway.ensure();
  if (role === undefined) system.restart();
  else if (role !== "gateway" && role !== "kubernetes" && role !== "kubelet") system.restart(role);
}

const named = ({ processes }: World, isWanted: (name: string) => boolean): SimulatedProcess[] =>
  [...processes.values()].filter(({ name }) => isWanted(name));
