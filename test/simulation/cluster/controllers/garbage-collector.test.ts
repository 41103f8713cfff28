// What becomes of dependents, as the owner's deletion asks for, and that no death of the collector changes it.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type KubernetesObject, type OwnerReference, pods, type Resource } from "@knvirt/kubernetes";
import { keptRunning } from "../kept-running.ts";
import { aPod, openRig, type Rig } from "../testing/rig.ts";
import { startControllerManager } from "./controller-manager.ts";

const start = ({ world }: Rig): void => {
  const heartbeats = () => ({ isReached: () => true, isHeard: () => true });
  const name = "controller-manager";
  keptRunning({ world, on: world, name, user: "system:kcm", start: startControllerManager(heartbeats) });
};

const referenceTo = ({ apiVersion, kind, metadata }: KubernetesObject, uid = metadata.uid ?? ""): OwnerReference => ({
  ...{ apiVersion, kind, name: metadata.name, uid },
  blockOwnerDeletion: true,
});

const anObject = (of: Resource, name: string, owners: OwnerReference[] = []): KubernetesObject => ({
  ...{ apiVersion: of.apiVersion, kind: of.kind },
  ...{ metadata: { name, namespace: "default", ownerReferences: owners }, spec: {} },
});

const [vms, vmis] = [virtualMachines as Resource, virtualMachineInstances as Resource];

/** Each owns the next. */
function threeGenerations(rig: Rig, finalizers: string[]): KubernetesObject {
  const top = rig.create(vms, anObject(vms, "top"));
  const middle = rig.create(vmis, anObject(vmis, "middle", [referenceTo(top)]));
  rig.create(pods, aPod("bottom", {}, { ownerReferences: [referenceTo(middle)], finalizers }));
  return top;
}

const left = ({ world }: Rig): string[] =>
  [vms, vmis, pods].flatMap((of) => world.api.all(of).map(({ metadata }) => metadata.name)).sort();

const ownersOf = ({ world }: Rig, name: string) =>
  world.api.find(vmis, { namespace: "default", name })?.metadata.ownerReferences ?? [];

const cases: { policy: "Background" | "Foreground" | "Orphan"; finalizers: string[]; want: string[] }[] = [
  { policy: "Background", finalizers: [], want: [] },
  { policy: "Foreground", finalizers: [], want: [] },
  { policy: "Orphan", finalizers: [], want: ["bottom", "middle"] },
  { policy: "Background", finalizers: ["example.com/held"], want: ["bottom"] },
  { policy: "Foreground", finalizers: ["example.com/held"], want: ["bottom", "middle", "top"] },
];

test.each(cases)(
  "$policy leaves $want where the last one is held by $finalizers",
  async ({ policy, finalizers, want }) => {
    const rig = openRig();
    start(rig);
    const top = threeGenerations(rig, finalizers);
    await rig.pass(1_000);
    rig.remove(vms, top, { propagationPolicy: policy });
    await rig.pass(5_000);
    expect(left(rig)).toEqual(want);
    if (policy === "Orphan") expect(ownersOf(rig, "middle")).toEqual([]);
  },
);

test.each(cases)("$policy comes to the same when it dies at any write", async ({ policy, finalizers, want }) => {
  for (const moment of ["before", "after"])
    for (const nth of [1, 2, 3, 4]) {
      const rig = openRig(nth);
      const top = threeGenerations(rig, finalizers);
      start(rig);
      let writes = 0;
      rig.world.network.checkpoint = (process, when) => {
        if (when === moment && ++writes === nth) process.kill();
      };
      rig.remove(vms, top, { propagationPolicy: policy });
      await rig.pass(60_000);
      expect(left(rig)).toEqual(want);
    }
});

test.each([
  { when: "an owner of that name with another uid is none", owners: ["gone"], want: ["top"] },
  {
    when: "one owner that is there is enough, and the other is struck out",
    owners: ["gone", "top"],
    want: ["held", "top"],
  },
])("$when", async ({ owners, want }) => {
  const rig = openRig();
  const top = rig.create(vms, anObject(vms, "top"));
  const references = owners.map((owner) => (owner === "gone" ? referenceTo(top, "gone") : referenceTo(top)));
  rig.create(vmis, anObject(vmis, "held", references));
  start(rig);
  await rig.pass(5_000);
  expect(left(rig)).toEqual(want);
  expect(ownersOf(rig, "held").map(({ uid }) => uid)).toEqual(want.includes("held") ? [top.metadata.uid] : []);
});
