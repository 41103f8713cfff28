// What is beside our own processes: nodes with their kubelets, launchers and guests, and Kubernetes' controllers.
import type { VirtualMachineInstance } from "@knvirt/api";
import { keyOf, keyText } from "@knvirt/kubernetes";
import type { World } from "../engine/world.ts";
import type { Ledger } from "../invariants/ledger.ts";
import type { GuestBehaviour } from "./behaviour.ts";
import { startControllerManager } from "./controllers/controller-manager.ts";
import { startScheduler } from "./controllers/scheduler.ts";
import { type Disks, diskRegister } from "./disks.ts";
import { keptRunning } from "./kept-running.ts";
import type { Ground } from "./launcher/place.ts";
import { nodeOf, type SimulatedNode } from "./node.ts";

export interface Cluster {
  readonly nodes: readonly SimulatedNode[];
  readonly disks: Disks;
  /** Names of Kubernetes' own processes. Each of them, and each kubelet, is started again some seconds after it died. */
  readonly controllers: readonly string[];
}

export interface ClusterOptions {
  world: World;
  /** How many. */
  nodes: number;
  ledger: Ledger;
  /** nth: how many-th guest of this VM it is, from 1. */
  behaviourOf(vmi: VirtualMachineInstance, nth: number): GuestBehaviour;
  /** Pods that one node takes; 110 when not given. */
  roomForPods?: number;
}

export function startCluster({
  world,
  nodes: count,
  ledger,
  behaviourOf,
  roomForPods = 110,
}: ClusterOptions): Cluster {
  const disks = diskRegister(ledger);
  const ground: Ground = { ledger, disks, nextBehaviour: counted(behaviourOf) };
  const nodes = Array.from({ length: count }, (_, index) =>
    nodeOf({ world, ground, number: index + 1, roomForPods }),
  );
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const isHeard = (name: string): boolean => byName.get(name)?.isHeard() ?? false;
  const controllers = {
    scheduler: startScheduler,
    "controller-manager": startControllerManager((process) => ({
      isReached: () => world.network.reaches(process),
      isHeard,
    })),
  };
  for (const [name, start] of Object.entries(controllers))
    keptRunning({ world, on: world, name, user: `system:kube-${name}`, start });
  return { nodes, disks, controllers: Object.keys(controllers) };
}

/** Guests of each VM are counted as they are made. */
function counted(behaviourOf: ClusterOptions["behaviourOf"]): Ground["nextBehaviour"] {
  const counts = new Map<string, number>();
  return (vmi) => {
    const key = keyText(keyOf(vmi));
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return behaviourOf(vmi, nth);
  };
}
