// A launcher pod on a node of its own, and somebody who asks its launcher for its guest as an executor does.
import { annotation, label, launcherEnvironment } from "@knvirt/api";
import { type Pod, pods } from "@knvirt/kubernetes";
import type { LauncherConnection } from "@knvirt/node-executor";
import { DomainPhase } from "@knvirt/proto";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { GuestBehaviour } from "../behaviour.ts";
import type { Container } from "../container.ts";
import { type DiskRegister, diskRegister } from "../disks.ts";
import { type KnownNode, nodeOf } from "../node.ts";
import { aPod, openRig, type Rig } from "./rig.ts";

export interface Launched extends Rig {
  node1: KnownNode;
  disks: DiskRegister;
  /** Who asks, and is as quick as an executor to ask again. */
  executor: SimulatedProcess;
  connection: LauncherConnection;
  /** Phases as the launcher told them, each once. */
  phases: string[];
  /** How asking for the guest failed. */
  failures: string[];
  container(): Container;
}

const wellBehaved: GuestBehaviour = { bootMs: 1_000, startFailures: 0, hangsAtShutdown: false, shutdownMs: 1_000 };
const vmi = {
  ...{ apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance" },
  metadata: { name: "a", namespace: "default", uid: "uid-of-a" },
  spec: { domain: { devices: {} }, volumes: [{ name: "root", persistentVolumeClaim: { claimName: "root" } }] },
};
const mostTries = 30;
/** In seconds: of the guest, and of the pod. */
export const [guestGrace, podGrace] = [20, 50];

export const launcherPod = (nodeName: string): Pod =>
  aPod(
    "virt-launcher-a",
    {
      nodeName,
      terminationGracePeriodSeconds: podGrace,
      containers: [
        {
          ...{ name: "compute", image: "launcher:1" },
          env: [
            { name: launcherEnvironment.graceSeconds, value: `${guestGrace}` },
            { name: launcherEnvironment.uid, value: "uid-of-a" },
          ],
        },
      ],
    },
    {
      labels: { [label.app]: "virt-launcher", [label.createdBy]: "uid-of-a" },
      annotations: { [annotation.domain]: "a" },
    },
  );

export function launch(behaviour: Partial<GuestBehaviour> = {}, seed = 1): Launched {
  const rig = openRig(seed);
  const disks = diskRegister(rig.ledger);
  const ground = { ledger: rig.ledger, disks, nextBehaviour: () => ({ ...wellBehaved, ...behaviour }) };
  const node1 = nodeOf({ world: rig.world, ground, number: 1, roomForPods: 10 });
  const { uid = "" } = rig.create(pods, launcherPod(node1.name)).metadata;
  const executor = node1.spawn("executor", "executor");
  const [phases, failures]: [string[], string[]] = [[], []];
  const connection = node1.connectLauncher(uid, () => heard(), executor);
  const ask = (): void =>
    void connection
      .start({ vmi: JSON.stringify(vmi), emulation: false, capabilitiesCache: [], interfaces: [] })
      .catch((error: Error) => {
        failures.push(error.message);
        if (failures.length < mostTries) executor.clock.after(1_000, ask);
      });
  const heard = (): void => {
    const { phase } = connection.domain ?? {};
    const [name = ""] = Object.entries(DomainPhase).find(([, value]) => value === phase) ?? [];
    const told = name.replace("DOMAIN_PHASE_", "");
    if (phases.at(-1) !== told) phases.push(told);
    if (told === "ABSENT") executor.clock.after(100, ask);
  };
  const container = (): Container => {
    const [found] = node1.containers();
    if (!found) throw new Error(`${node1.name} has no container of a launcher pod`);
    return found;
  };
  return { ...rig, node1, disks, executor, connection, phases, failures, container };
}
