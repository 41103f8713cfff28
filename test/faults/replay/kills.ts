// Who of a real instance dies for whom of the simulated one, and when: at once, or when a write of theirs was seen.
import type { Change, KubernetesObject } from "@knvirt/kubernetes";
import type { Fault, FaultKind, OfKind, Role, Trouble } from "../../simulation/plan/plan.ts";
import type { Part } from "../../support/instance.ts";
import { killPart, type PodProgram, pidIn, podUidOf } from "../../support/processes.ts";
import type { Scene } from "./scene.ts";

type Victim = Exclude<Part, "supervisor">;

/** What Kubernetes is here and the source of events are one process with the API server. */
const victims: Record<Role, Victim> = {
  functions: "functions",
  controller: "functions",
  executor: "node-executor",
  gateway: "gateway",
  source: "cluster",
  kubernetes: "cluster",
  kubelet: "cluster",
};

/** What each is called where it is told who wrote what. */
const managers: Record<Victim, string> = {
  functions: "knvirt-functions",
  "node-executor": "knvirt-executor",
  gateway: "knvirt-gateway",
  cluster: "knvirt-pod-runner",
};

type Play<Kind extends FaultKind> = (fault: OfKind<Trouble, Kind>, scene: Scene) => Promise<unknown>;

const plays: { [Kind in FaultKind]?: Play<Kind> } = {
  kill: ({ role }, scene) => kill(scene, victims[role]),
  killAtWrite: async (fault, scene) => {
    if (await written(fault, scene)) await kill(scene, victims[fault.role]);
  },
  killAll: (_, scene) => Promise.all([...new Set(Object.values(victims))].map((part) => kill(scene, part))),
  launcherDies: ({ vm }, scene) => killInPod(scene, vm, "node"),
  libvirtDies: ({ vm }, scene) => killInPod(scene, vm, "libvirtd"),
  guestCrashes: ({ vm }, scene) => killInPod(scene, vm, "qemu-system-x86_64"),
};

export const isPlayed = ({ kind }: { kind: FaultKind }): boolean => Object.hasOwn(plays, kind);

export const killOf = (fault: Fault): Play<FaultKind> => plays[fault.kind] as Play<FaultKind>;

async function kill({ host, note, countDeath }: Scene, part: Victim): Promise<void> {
  note(`${part} is killed`);
  countDeath();
  await killPart(host, part);
  note(`${part} is back`);
}

async function killInPod({ host, note, countDeath }: Scene, vm: string, program: PodProgram): Promise<void> {
  const pid = await pidIn(await podUidOf(host, vm), program);
  note(`${program} of ${vm} is killed`);
  countDeath();
  process.kill(pid, "SIGKILL");
}

type Killing = OfKind<Trouble, "killAtWrite">;

/**
 * Resolves when so many writes of the process were seen, or to false when the plan is over before. What is just before a
 * write is seen from nowhere: just after the last one is as near as one gets.
 */
function written({ role, nth, when }: Killing, { written: { follow }, over }: Scene): Promise<boolean> {
  let left = when === "before" ? nth - 1 : nth;
  return new Promise((resolve) => {
    const end = follow((change) => {
      if (left > 0 && isBy(managers[victims[role]], change)) left -= 1;
      if (left === 0) done(true);
    });
    const done = (isSeen: boolean): void => {
      end();
      resolve(isSeen);
    };
    if (over.aborted) done(false);
    over.addEventListener("abort", () => done(false), { once: true });
  });
}

/** By its share of the object's fields; a deletion has none, and is passed over. */
function isBy(manager: string, change: Change<KubernetesObject>): boolean {
  const shareOf = ({ metadata: { managedFields = [] } }: KubernetesObject): string =>
    JSON.stringify(managedFields.filter((entry) => entry.manager === manager));
  const before = change.type === "modified" ? shareOf(change.before) : "[]";
  return change.type !== "deleted" && shareOf(change.object) !== before;
}
