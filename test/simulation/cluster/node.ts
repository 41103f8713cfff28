// One node as others see it: what can happen to it, and what runs on it.

import { nodes } from "@knvirt/kubernetes";
import type { LauncherConnection } from "@knvirt/node-executor";
import { beginning, type SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import type { NodeFact } from "../invariants/ledger.ts";
import type { Container } from "./container.ts";
import { hardwareOf } from "./hardware.ts";
import { keptRunning } from "./kept-running.ts";
import { startKubelet } from "./kubelet/kubelet.ts";
import { launcherConnection } from "./launcher/connection.ts";
import type { Ground } from "./launcher/place.ts";
import { runtimeOn } from "./runtime.ts";

export interface SimulatedNode {
  readonly name: string;
  /** It has power. */
  readonly isUp: boolean;
  readonly isFrozen: boolean;
  readonly isCutOff: boolean;
  /** Containers, guests and all processes on it end at once; what they had written stays. */
  powerOff(): void;
  powerOn(): void;
  /** Everything on it stands still, and disks stay open. */
  freeze(): void;
  thaw(): void;
  /** It reaches no API server; guests go on. */
  cutOff(): void;
  reconnect(): void;
  /** Containers do not notice. */
  restartKubelet(): void;
  /** An administrator deletes the Node object. To be called only while the node is off. */
  remove(): void;
  /** Of launcher pods, running or ended and not removed yet. */
  containers(): readonly Container[];
  connectLauncher(podUid: string, onChange: () => void, by: SimulatedProcess): LauncherConnection;
  /** A process of the node: it ends with the power, stands still with the node and is cut off with it. To be called only
   * while the node is up. */
  spawn(name: string, user: string): SimulatedProcess;
  /** Called each time the node has booted, and at once when it is up. */
  onBoot(start: () => void): void;
}

/** For Kubernetes' controllers, beside what they see in the API. */
export interface KnownNode extends SimulatedNode {
  /** Its kubelet would have renewed its lease just now. */
  isHeard(): boolean;
}

export interface NodeOptions {
  world: World;
  ground: Ground;
  /** From 1. */
  number: number;
  roomForPods: number;
}

export function nodeOf({ world, ground, number, roomForPods }: NodeOptions): KnownNode {
  const { timeline, network, api } = world;
  const name = `node-${number}`;
  const hardware = hardwareOf(world, name);
  const runtime = runtimeOn(hardware, ground, () => new Date(beginning + timeline.nowMs));
  const kubelet = keptRunning({
    ...{ world, on: hardware, name: `kubelet-${name}`, user: `system:node:${name}` },
    mayRun: () => hardware.isUp,
    start: (process) => startKubelet(process, runtime, { node: name, hostIP: `192.0.2.${number}`, roomForPods }),
  });
  hardware.onBoot(kubelet.ensure);
  const told = (what: NodeFact["what"], happen: () => void) => (): void => {
    ground.ledger.node({ what, node: name });
    happen();
  };
  return Object.defineProperties(
    {
      name,
      powerOff: told("powerOff", hardware.powerOff),
      powerOn: told("powerOn", hardware.powerOn),
      freeze: told("freeze", hardware.freeze),
      thaw: told("thaw", hardware.thaw),
      cutOff: told("cutOff", hardware.cutOff),
      reconnect: told("reconnect", hardware.reconnect),
      restartKubelet: told("kubeletRestart", () => kubelet.current?.kill()),
      remove: told("lost", () => {
        if (!api.find(nodes, { name })) return;
        api.call({ method: "DELETE", path: `/api/v1/nodes/${name}` }, "kubernetes-admin");
      }),
      containers: () => runtime.launchers(),
      connectLauncher: (podUid: string, onChange: () => void, by: SimulatedProcess) =>
        launcherConnection(runtime, { podUid, onChange, by }),
      spawn: hardware.spawn,
      onBoot: hardware.onBoot,
      isHeard: () => !hardware.isFrozen && kubelet.current !== undefined && network.reaches(kubelet.current),
    },
    {
      isUp: { get: () => hardware.isUp, enumerable: true },
      isFrozen: { get: () => hardware.isFrozen, enumerable: true },
      isCutOff: { get: () => hardware.isCutOff, enumerable: true },
    },
  ) as KnownNode;
}
