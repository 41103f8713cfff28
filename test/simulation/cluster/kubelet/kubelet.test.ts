// What a kubelet makes of a pod, from its start to its end, whatever happens to the node and to the kubelet meanwhile.
import { nodes, pods } from "@knvirt/kubernetes";
import { guestGrace, type Launched, launch, launcherPod } from "../testing/launched.ts";
import { conditionOf } from "../testing/rig.ts";

const name = "virt-launcher-a";
const hasEnded = ({ facts }: Launched): boolean => facts.some((fact) => fact.startsWith("container ends"));
const after = ({ facts }: Launched): string[] => facts.slice(facts.indexOf("guest runs") + 1);
const terminated = ({ pod }: Launched) => pod(name)?.status?.containerStatuses?.[0]?.state?.terminated;

test("a pod runs and is ready, and its node is registered", async () => {
  const launched = launch();
  await launched.pass(10_000);
  const pod = launched.pod(name);
  expect(pod?.status).toMatchObject({
    phase: "Running",
    hostIP: "192.0.2.1",
    containerStatuses: [{ name: "compute", ready: true }],
  });
  expect(["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => conditionOf(pod, type))).toEqual(
    Array(4).fill("True"),
  );
  expect(conditionOf(launched.node("node-1"), "Ready")).toBe("True");
});

const ended = ["container terminate", "guest stopping", "disk closes default/root"];

test.each([
  {
    ...{ when: "in order", behaviour: {}, grace: {}, withinMs: 10_000 },
    facts: [...ended, "guest ends shutdown", "container ends 0", "container removed"],
  },
  {
    ...{
      when: "by being switched off when it hangs",
      behaviour: { hangsAtShutdown: true },
      grace: {},
      withinMs: 30_000,
    },
    facts: [...ended, "guest ends destroyed", "container ends 10", "container removed"],
  },
  {
    ...{
      when: "by SIGKILL when it has less time than it knows of",
      behaviour: { hangsAtShutdown: true },
      withinMs: 10_000,
    },
    grace: { gracePeriodSeconds: 5 },
    facts: [
      "container terminate",
      "guest stopping",
      "container kill",
      "disk closes default/root",
      "guest ends killed",
      "container ends 137",
      "container removed",
    ],
  },
])("a pod that is deleted ends $when", async ({ behaviour, grace, withinMs, facts }) => {
  const launched = launch(behaviour);
  await launched.pass(10_000);
  launched.remove(pods, launcherPod("node-1"), grace);
  await launched.pass(withinMs);
  expect(after(launched)).toEqual(facts);
  expect(launched.pod(name)).toBeUndefined();
});

test("a time that is cut short brings SIGKILL forward, and the container is not told", async () => {
  const launched = launch({ hangsAtShutdown: true });
  await launched.pass(10_000);
  launched.remove(pods, launcherPod("node-1"));
  await launched.pass(5_000);
  launched.remove(pods, launcherPod("node-1"), { gracePeriodSeconds: 3 });
  await launched.pass(2_000);
  expect(hasEnded(launched)).toBe(false);
  await launched.pass(2_000);
  expect(launched.facts.filter((fact) => fact === "container terminate")).toHaveLength(1);
  expect(launched.facts).toContain("container kill");
});

test("an executor that tells the launcher of it has the guest end in time", async () => {
  const launched = launch();
  await launched.pass(10_000);
  const asked = launched.connection.ask("shutdown", { graceSeconds: guestGrace });
  await launched.pass(10_000);
  await asked;
  expect(terminated(launched)).toMatchObject({ exitCode: 0, reason: "Completed" });
  expect(launched.pod(name)?.status?.phase).toBe("Succeeded");
});

test.each(["killed again and again", "cut off for a minute"])(
  "a guest does not notice that the kubelet is %s",
  async (how) => {
    const launched = launch();
    await launched.pass(10_000);
    for (let times = 0; times < 4; times++) {
      if (how === "cut off for a minute") launched.node1.cutOff();
      else launched.node1.restartKubelet();
      await launched.pass(15_000);
    }
    launched.node1.reconnect();
    await launched.pass(40_000);
    expect(after(launched)).toEqual([]);
    expect(launched.pod(name)?.status?.phase).toBe("Running");
    launched.remove(pods, launcherPod("node-1"));
    await launched.pass(40_000);
    expect(launched.pod(name)).toBeUndefined();
  },
);

test("a pod whose node lost its power has failed when that is back, and its guest is gone at once", async () => {
  const launched = launch();
  await launched.pass(10_000);
  launched.node1.powerOff();
  expect(after(launched)).toEqual(["disk closes default/root", "guest ends powerLoss", "container ends"]);
  await launched.pass(60_000);
  expect(launched.pod(name)?.status?.phase).toBe("Running");
  launched.node1.powerOn();
  await launched.pass(20_000);
  expect(launched.pod(name)?.status?.phase).toBe("Failed");
  expect(terminated(launched)).toMatchObject({ exitCode: 255, reason: "Unknown" });
});

test("nothing happens on a node that is frozen, disks stay open, and all goes on when it thaws", async () => {
  const launched = launch({ ends: [{ afterMs: 20_000, how: "powerOff" }] });
  await launched.pass(10_000);
  launched.node1.freeze();
  await launched.pass(100_000);
  expect(after(launched)).toEqual([]);
  expect(launched.disks.usersOf("default/root")).toMatchObject([{ vmi: "default/a", node: "node-1" }]);
  launched.node1.thaw();
  await launched.pass(10_000);
  expect(after(launched)).toContain("container ends 0");
});

test("a pod that was removed by force ends in its own time, and nobody's container in two seconds", async () => {
  const launched = launch({ hangsAtShutdown: true });
  await launched.pass(10_000);
  launched.remove(pods, launcherPod("node-1"), { gracePeriodSeconds: 0 });
  expect(launched.pod(name)).toBeUndefined();
  await launched.pass(15_000);
  expect(hasEnded(launched)).toBe(false);
  launched.node1.restartKubelet();
  await launched.pass(15_000);
  expect(after(launched).at(-1)).toBe("container removed");
});

test("a Node object that was deleted is registered again when the node boots", async () => {
  const launched = launch();
  await launched.pass(10_000);
  const before = launched.node("node-1")?.metadata.uid;
  launched.node1.powerOff();
  launched.node1.remove();
  expect(launched.node("node-1")).toBeUndefined();
  launched.node1.powerOn();
  await launched.pass(5_000);
  expect(launched.node("node-1")?.metadata.uid).not.toBe(before);
});

test("what others say of node and pod is put right: they are ready", async () => {
  const launched = launch();
  await launched.pass(10_000);
  const said = [{ type: "Ready", status: "Unknown" }];
  launched.patchStatus(nodes, { ...launcherPod(""), metadata: { name: "node-1" } }, { conditions: said });
  const conditions = launched
    .pod(name)
    ?.status?.conditions?.map((one) => ({ ...one, ...(one.type === "Ready" && { status: "False" }) }));
  launched.patchStatus(pods, launcherPod(""), { conditions });
  await launched.pass(15_000);
  expect(conditionOf(launched.node("node-1"), "Ready")).toBe("True");
  expect(conditionOf(launched.pod(name), "Ready")).toBe("True");
});

test("a pod that is deleted before its container is made never has one", async () => {
  const launched = launch();
  await launched.pass(60);
  launched.remove(pods, launcherPod("node-1"));
  await launched.pass(10_000);
  expect(launched.facts).toEqual([]);
  expect(launched.pod(name)).toBeUndefined();
});
