// Functions, event source and API server together, with nothing between them but HTTP.
import {
  kubeVirts,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { cloudEvent } from "@knvirt/functions";
import {
  type Client,
  events,
  type KubernetesObject,
  namespaces,
  type Pod,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import { HTTP } from "cloudevents";
import { eventually } from "../test/support/eventually.ts";
import { withControlPlane } from "./testing/control-plane-rig.ts";

const namespace = "default";
const isThere = (object: unknown): boolean => object !== undefined;
const isGone = (object: unknown): boolean => object === undefined;
const printable = (word: string) => (vm: VirtualMachine | undefined) => vm?.status?.printableStatus === word;
const phase = (word: string) => (vmi: VirtualMachineInstance | undefined) => vmi?.status?.phase === word;
const says = (word: string) => (object: KubernetesObject | undefined) => JSON.stringify(object ?? {}).includes(word);
const nothing = [
  { repairs: 0, failures: 0 },
  { repairs: 0, failures: 0 },
];

const toldEvents = (client: Client) =>
  eventually(
    async () => {
      const { items } = await client.list(events, { namespace });
      return items.length > 0 && items;
    },
    { seconds: 60, what: "an event is told" },
  );

const compute = { name: "compute", ready: false, restartCount: 0, image: "launcher:1", imageID: "" };
const endedWith = (exitCode: number, message = ""): NonNullable<Pod["status"]> => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [{ ...compute, state: { terminated: { exitCode, message } } }],
});

const anInstance = (name: string, owners: NonNullable<KubernetesObject["metadata"]["ownerReferences"]> = []) => ({
  apiVersion: "kubevirt.io/v1" as const,
  kind: "VirtualMachineInstance" as const,
  metadata: { namespace, name, ownerReferences: owners },
  spec: { domain: { memory: { guest: "64Mi" } } },
});

const wirings = [
  { by: "requests to a socket", direct: false },
  { by: "calls in the same process", direct: true },
];

test.each(wirings)("by $by a VM becomes an instance and a pod, is told of, and goes without a trace", ({ direct }) =>
  withControlPlane(
    async ({ client, functions, metrics, createVm, vm, vmi, podOf, bind, letGo, startGuest, writes }) => {
      await createVm("web");
      await bind("web");
      await vm("web", printable("Starting"));
      const pod = await podOf("web", isThere);
      const instance = await vmi("web", phase("Scheduling"));
      expect(pod?.metadata.ownerReferences).toMatchObject([{ uid: instance?.metadata.uid, controller: true }]);

      await startGuest("web");
      const running = await vm("web", printable("Running"));
      expect(running?.status).toMatchObject({
        created: true,
        ready: true,
        observedGeneration: 1,
        runStrategy: "Always",
      });
      expect(await writes()).toEqual({
        "vm addFinalizer VirtualMachine": 1,
        "vm create VirtualMachineInstance": 1,
        "vm event VirtualMachine": 1,
        "vm applyStatus VirtualMachine": 2,
        "vmi create Pod": 1,
        "vmi applyStatus VirtualMachineInstance": 1,
      });
      expect(await functions.sweep()).toMatchObject(nothing);
      expect((await metrics.conflicts.get()).values).toEqual([]);

      await client.delete(virtualMachines, { namespace, name: "web" });
      await letGo("web");
      await vm("web", isGone);
      await vmi("web", isGone);
      await podOf("web", isGone);
    },
    { direct },
  ),
);

test("a guest that ends is started again, one that fails to start waits", () =>
  withControlPlane(async ({ createVm, vm, vmi, podOf, bind, startGuest, setPod }) => {
    await createVm("again");
    const first = await podOf("again", isThere);
    await bind("again");
    await vmi("again", phase("Scheduling"));
    await startGuest("again");
    await vm("again", printable("Running"));
    await setPod("again", endedWith(0));
    await podOf("again", (pod) => isThere(pod) && pod?.metadata.uid !== first?.metadata.uid);
    await bind("again");
    await vmi("again", phase("Scheduling"));

    await setPod("again", endedWith(10));
    const waiting = await vm("again", printable("CrashLoopBackOff"));
    expect(waiting?.status?.startFailure).toMatchObject({ consecutiveFailCount: 1 });
    await vmi("again", isGone);
  }));

test("a bare instance tells why its guest failed, and keeps telling", () =>
  withControlPlane(async ({ client, functions, vmi, podOf, bind, setPod }) => {
    await client.create(virtualMachineInstances, anInstance("bare"));
    await bind("bare");
    await vmi("bare", phase("Scheduling"));
    await setPod("bare", endedWith(10, "UnsupportedDevice: no such device"));
    const failed = await vmi("bare", phase("Failed"));
    const message = "UnsupportedDevice: no such device";
    expect(failed?.status).toMatchObject({
      reason: "LauncherFailed",
      conditions: [{ type: "Ready", status: "False", message }],
    });
    const items = await toldEvents(client);
    expect(items).toMatchObject([{ type: "Warning", reason: "Stopped", message, count: 1 }]);
    expect(await functions.sweep()).toMatchObject(nothing);
    await client.delete(virtualMachineInstances, { namespace, name: "bare" });
    await vmi("bare", isGone);
    await podOf("bare", isGone);
  }));

test("a start that takes long is told, and taken back when the guest runs", () =>
  withControlPlane(async ({ createVm, vm, podOf, bind, startGuest, setPod }) => {
    await createVm("slow");
    await podOf("slow", isThere);
    const condition = { type: "PodScheduled", status: "False" as const, reason: "Unschedulable", message: "no room" };
    await setPod("slow", { phase: "Pending", conditions: [condition] });
    await vm("slow", printable("ErrorUnschedulable"));
    await bind("slow");
    const state = { waiting: { reason: "ErrImagePull", message: "disk:1 is not there" } };
    const conditions = [{ type: "PodScheduled", status: "True" as const }];
    await setPod("slow", { phase: "Pending", conditions, containerStatuses: [{ ...compute, state }] });
    await vm("slow", printable("ErrImagePull"));
    await startGuest("slow");
    const running = await vm("slow", (seen) => printable("Running")(seen) && seen?.status?.conditions?.length === 1);
    expect(running?.status?.conditions).toMatchObject([{ type: "Ready", status: "True" }]);
  }));

test("an instance that the API server refuses is a failure, told for as long as it lasts but written once", () =>
  withControlPlane(async ({ client, createVm, vm, functions, writes }) => {
    const template = { metadata: { labels: { app: "not a label!" } }, spec: anInstance("x").spec };
    await createVm("refused", { template });
    const told = await vm("refused", says('"Failure"'));
    expect(told?.status).toMatchObject({ printableStatus: "Stopped" });
    const message = expect.stringContaining("not a label!") as string;
    expect(told?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: "Failure", status: "True", reason: "FailedCreate", message }),
    );
    const items = await toldEvents(client);
    expect(items).toMatchObject([{ type: "Warning", reason: "FailedCreate", message, count: 1 }]);
    const before = await writes();
    expect(await functions.sweep()).toMatchObject(nothing);
    expect(await writes()).toEqual(before);

    const patch = { spec: { template: { metadata: { labels: null } } } };
    await client.mergePatch(virtualMachines, { namespace, name: "refused" }, { patch });
    await vm("refused", (seen) => printable("Starting")(seen) && !says('"Failure"')(seen));
  }));

test("an instance without owner is adopted, a foreign one is left alone", () =>
  withControlPlane(async ({ client, createVm, vm, vmi }) => {
    await client.create(virtualMachineInstances, anInstance("adopted"));
    const mine = await createVm("adopted");
    await vmi("adopted", (seen) => seen?.metadata.ownerReferences?.[0]?.uid === mine.metadata.uid);
    await vm("adopted", printable("Starting"));

    const uid = (await client.find(namespaces, { name: namespace }))?.metadata.uid ?? "";
    const owner = { apiVersion: "v1", kind: "Namespace", name: namespace, uid, controller: true };
    await client.create(virtualMachineInstances, anInstance("foreign", [owner]));
    await createVm("foreign");
    const told = await vm("foreign", says("belongs to Namespace default"));
    expect(told?.status?.created).toBeUndefined();
    await client.delete(virtualMachines, { namespace, name: "foreign" });
    await vm("foreign", isGone);
    await vmi("foreign", isThere);
  }));

test("others who write the same objects cause conflicts, not mistakes", () =>
  withControlPlane(async ({ client, createVm, vm, podOf, metrics, writes }) => {
    const names = ["a", "b", "c"];
    for (const name of names) await createVm(name);
    const kinds: Resource[] = [virtualMachines, virtualMachineInstances];
    for (let count = 0; count < 40; count++) {
      const patch = { metadata: { annotations: { disturbed: `${count}` } } };
      const writing = names.flatMap((name) =>
        kinds.map((of) => client.mergePatch(of, { namespace, name }, { patch })),
      );
      await Promise.allSettled(writing);
    }
    for (const name of names) {
      await podOf(name, isThere);
      await vm(name, printable("Starting"));
    }
    const { values } = await metrics.errors.get();
    expect(values.filter(({ labels }) => labels.reason !== "ConflictsPersist")).toEqual([]);
    expect(await writes()).toMatchObject({ "vmi create Pod": 3, "vm create VirtualMachineInstance": 3 });
  }));

/** A run of mishaps that comes back the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([
  { when: "all events are dropped", faults: { drop: 1 } },
  { when: "events are doubled", faults: { duplicate: 1 } },
  { when: "events overtake each other", faults: { reorder: 1 } },
  { when: "two processes do the same work", faults: { twins: true } },
  { when: "two controllers run for a while", faults: { twins: true, direct: true } },
  { when: "everything goes wrong at once", faults: { drop: 0.4, duplicate: 0.5, reorder: 0.5, twins: true } },
])("the result is the same when $when", ({ faults }) =>
  withControlPlane(
    async ({ client, functions, createVm, vm, vmi, podOf, startGuest, writes }) => {
      const names = Array.from({ length: 8 }, (_, index) => `vm-${index}`);
      const each = (work: (name: string) => Promise<unknown>) => Promise.all(names.map(work));
      const sweepUntil = (isDone: () => Promise<boolean>) =>
        eventually(() => functions.sweep().then(isDone), { seconds: 60 });
      const all = async (of: typeof virtualMachines, isGood: (vm: VirtualMachine) => boolean) =>
        (await client.list(of, { namespace })).items.filter(isGood).length === names.length;

      await each((name) => createVm(name));
      await sweepUntil(() => all(virtualMachines, printable("Starting")));
      await each((name) => podOf(name, isThere));
      await each(startGuest);
      await sweepUntil(() => all(virtualMachines, printable("Running")));
      expect(await writes()).toMatchObject({ "vmi create Pod": 8, "vm create VirtualMachineInstance": 8 });
      expect((await client.list(pods, { namespace })).items).toHaveLength(8);
      expect(await functions.sweep()).toMatchObject(nothing);

      await each((name) => client.delete(virtualMachines, { namespace, name }));
      await sweepUntil(async () => (await client.list(virtualMachines, { namespace })).items.length === 0);
      await each((name) => vm(name, isGone));
      await each((name) => vmi(name, isGone));
      await each((name) => podOf(name, isGone));
    },
    { random: seeded(7), ...faults },
  ),
);

test("a change is a CloudEvent as Knative's API server source sends it", () => {
  const reference = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace, name: "web" };
  const event = HTTP.toEvent(
    cloudEvent({ sender: "knvirt.dev/test", id: "1" }, { type: "add", of: virtualMachineInstances, reference }),
  );
  expect(event).toMatchObject({
    type: "dev.knative.apiserver.ref.add",
    subject: "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/web",
    kind: "VirtualMachineInstance",
    name: "web",
    namespace,
    data: reference,
  });
});

test("while the functions are away events wait a while, then are given up", () =>
  withControlPlane(async ({ client, stop, dropped }) => {
    await stop();
    await client.mergePatch(
      kubeVirts,
      { namespace, name: "kubevirt" },
      { patch: { metadata: { labels: { a: "b" } } } },
    );
    await eventually(() => dropped.some(({ type }) => type === "update"), {
      seconds: 60,
      what: "an update is given up",
      evidence: async () => JSON.stringify(dropped, null, 1),
    });
    const names = dropped.map(({ reference }) => reference.name);
    expect(new Set(names)).toEqual(new Set(["kubevirt"]));
  }));
