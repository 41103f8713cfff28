// Where pods go, and that a scheduler that dies at any write places each of them once all the same.
import { nodes, pods } from "@knvirt/kubernetes";
import { keptRunning } from "../kept-running.ts";
import { aNode, aPod, openRig, type Rig } from "../testing/rig.ts";
import { startScheduler } from "./scheduler.ts";

const start = ({ world }: Rig): void =>
  void keptRunning({ world, on: world, name: "scheduler", user: "system:kube-scheduler", start: startScheduler });

test.each([
  { when: "a node that is ready takes it", given: [aNode("one")], want: "one" },
  { when: "one that is not ready does not", given: [aNode("one", { ready: "Unknown" }), aNode("two")], want: "two" },
  { when: "nor one that is cordoned", given: [aNode("one", { unschedulable: true }), aNode("two")], want: "two" },
  { when: "nor one that is full", given: [aNode("one", { room: 0 }), aNode("two")], want: "two" },
  {
    when: "nor one with a taint",
    given: [aNode("one", { taints: [{ key: "a", effect: "NoSchedule" }] }), aNode("two")],
    want: "two",
  },
])("$when", async ({ given, want }) => {
  const rig = openRig();
  for (const node of given) rig.create(nodes, node);
  rig.create(pods, aPod("a"));
  start(rig);
  await rig.pass(1_000);
  expect(rig.pod("a")?.spec.nodeName).toBe(want);
});

test("it says why no node takes a pod, and binds it when one does", async () => {
  const rig = openRig();
  start(rig);
  rig.create(nodes, aNode("one", { ready: "Unknown" }));
  rig.create(pods, aPod("a"));
  await rig.pass(1_000);
  expect(rig.pod("a")?.status?.conditions).toMatchObject([
    { type: "PodScheduled", status: "False", reason: "Unschedulable", message: expect.stringContaining("not ready") },
  ]);
  rig.create(nodes, aNode("two"));
  await rig.pass(1_000);
  expect(rig.pod("a")?.spec.nodeName).toBe("two");
});

test("no node gets more pods than it takes, in whichever order the watches tell", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rig = openRig(seed);
    start(rig);
    for (const name of ["one", "two"]) rig.create(nodes, aNode(name, { room: 2 }));
    for (const name of ["a", "b", "c", "d", "e"]) rig.create(pods, aPod(name));
    await rig.pass(2_000);
    const places = rig.world.api.all(pods).map(({ spec }) => spec.nodeName ?? "none");
    expect(places.sort()).toEqual(["none", "one", "one", "two", "two"]);
  }
});

test.each([1, 2, 3])("killed at write %d it goes on when it is back", async (nth) => {
  for (const moment of ["before", "after"]) {
    const rig = openRig();
    let writes = 0;
    rig.world.network.checkpoint = (process, when) => {
      if (when === moment && ++writes === nth) process.kill();
    };
    for (const name of ["one", "two"]) rig.create(nodes, aNode(name, { room: 2 }));
    for (const name of ["a", "b", "c"]) rig.create(pods, aPod(name));
    start(rig);
    await rig.pass(20_000);
    expect(rig.world.api.all(pods).every(({ spec }) => spec.nodeName)).toBe(true);
  }
});
