// What becomes of nodes that are not heard of, and of the pods on them.
import { nodes, pods } from "@knvirt/kubernetes";
import { aNode, aPod, conditionOf, openRig, type Rig } from "../testing/rig.ts";
import { startControllerManager } from "./controller-manager.ts";

const names = ["one", "two", "three", "four"];

/** One pod on each node; answers how to silence nodes, and to hear of them again. */
function openNodes(): Rig & { silence(...silent: string[]): void } {
  const rig = openRig();
  let silenced: string[] = [];
  for (const name of names) {
    rig.create(nodes, aNode(name));
    rig.create(pods, aPod(`on-${name}`, { nodeName: name, terminationGracePeriodSeconds: 30 }));
    const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: "True" }));
    rig.patchStatus(pods, aPod(`on-${name}`), { phase: "Running", conditions });
  }
  const heartbeats = { isReached: () => true, isHeard: (name: string) => !silenced.includes(name) };
  startControllerManager(() => heartbeats)(rig.world.spawn("controller-manager", "system:kcm"));
  return {
    ...rig,
    silence: (...silent) => {
      silenced = silent;
    },
  };
}

const taintsOf = (rig: Rig, name: string): string[] =>
  (rig.node(name)?.spec?.taints ?? []).map(({ key, effect }) => `${key.split("/")[1]}:${effect}`);

const facts = (rig: Rig, name: string) => ({
  ready: conditionOf(rig.node(name), "Ready"),
  taints: taintsOf(rig, name),
  podReady: conditionOf(rig.pod(`on-${name}`), "Ready"),
  containersReady: conditionOf(rig.pod(`on-${name}`), "ContainersReady"),
});

const unreachable = ["unreachable:NoSchedule", "unreachable:NoExecute"];
const sound = { ready: "True", taints: [], podReady: "True", containersReady: "True" };

test.each([
  { when: "a silence of 45 s is none", silent: ["one"], afterMs: 45_000, want: sound },
  {
    ...{ when: "after 50 s node and pods are not ready, and it is tainted", silent: ["one"], afterMs: 60_000 },
    want: { ...sound, ready: "Unknown", podReady: "False", taints: unreachable },
  },
  {
    ...{ when: "when all are silent no pod is told to go", silent: names, afterMs: 90_000 },
    want: { ...sound, ready: "Unknown", podReady: "False", taints: ["unreachable:NoSchedule"] },
  },
  {
    ...{ when: "nor when most are", silent: ["two", "three", "one"], afterMs: 400_000 },
    want: { ...sound, ready: "Unknown", podReady: "False", taints: ["unreachable:NoSchedule"] },
  },
])("$when", async ({ silent, afterMs, want }) => {
  const rig = openNodes();
  await rig.pass(10_000);
  rig.silence(...silent);
  await rig.pass(afterMs);
  expect(facts(rig, "one")).toEqual(want);
  expect(rig.pod("on-one")?.metadata.deletionTimestamp).toBeUndefined();
});

test("nodes are tainted one after the other", async () => {
  const rig = openNodes();
  rig.silence("one", "two");
  await rig.pass(56_000);
  expect(
    [...taintsOf(rig, "one"), ...taintsOf(rig, "two")].filter((taint) => taint.endsWith("Execute")),
  ).toHaveLength(1);
  await rig.pass(12_000);
  expect(
    [...taintsOf(rig, "one"), ...taintsOf(rig, "two")].filter((taint) => taint.endsWith("Execute")),
  ).toHaveLength(2);
});

test("pods of a node that stays away are deleted after 300 s, and told why", async () => {
  const rig = openNodes();
  rig.silence("one");
  await rig.pass(350_000);
  expect(rig.pod("on-one")?.metadata.deletionTimestamp).toBeUndefined();
  await rig.pass(15_000);
  expect(rig.pod("on-one")?.metadata.deletionTimestamp).toBeDefined();
  expect(rig.pod("on-one")?.status?.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", reason: "DeletionByTaintManager" }),
  );
});

test("nothing is left of it when the node is back in time", async () => {
  const rig = openNodes();
  rig.silence("one");
  await rig.pass(200_000);
  rig.silence();
  rig.patchStatus(nodes, aNode("one"), { conditions: [{ type: "Ready", status: "True" }] });
  await rig.pass(400_000);
  expect(taintsOf(rig, "one")).toEqual([]);
  expect(rig.pod("on-one")?.metadata.deletionTimestamp).toBeUndefined();
});
