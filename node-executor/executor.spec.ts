// The whole loop: a real API server, a real network namespace, and a scripted launcher in the guest's place.
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { kubeVirts, type VirtualMachineInstance, virtualMachineInstances } from "@knvirt/api";
import { type Client, events, isNotFound, type Pod, pods } from "@knvirt/kubernetes";
import { DomainPhase } from "@knvirt/proto";
import { pino } from "pino";
import { eventually } from "../test/support/eventually.ts";
import { startSink } from "../test/support/sink.ts";
import { statusRate } from "./act.ts";
import { type Executor, startExecutor } from "./executor.ts";
import { launchersIn } from "./launchers.ts";
import { nodeHost } from "./node-host.ts";
import { startTestCluster, type TestCluster } from "./testing/api-server.ts";
import { aDomain, aPod, aVmi, node } from "./testing/objects.ts";
import { type Sandbox, startSandbox } from "./testing/pod-sandbox.ts";
import { type PodsDir, podsDir, type ScriptedLauncher, scriptedLauncher } from "./testing/scripted-launcher.ts";

const key = { namespace: "default", name: "web" };
let cluster: TestCluster;
let dir: PodsDir;
let sandbox: Sandbox;
let launcher: ScriptedLauncher;
let executor: Executor;
let client: Client;
let pod: Pod;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.close());

beforeEach(async () => {
  dir = podsDir();
  const { spec } = aVmi();
  const vmi = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", metadata: key, spec } as const;
  const { metadata } = await cluster.client.create<VirtualMachineInstance>(virtualMachineInstances, vmi);
  await place();
  pod = await cluster.client.create(pods, bound(metadata.uid ?? ""));
  sandbox = await startSandbox(7, pod.metadata.uid);
  launcher = await scriptedLauncher(dir.socketOf(pod.metadata.uid ?? ""));
  launcher.script.started = aDomain({ startedAt: new Date().toISOString() });
  launcher.script.capabilities = [{ name: "caps.xml", content: Buffer.from("<qemuCaps/>") }];
  start();
});
afterEach(async () => {
  await stop();
  launcher.stop();
  await sandbox.close();
  dir.remove();
  await remove();
});

/** As the function vmi does once the pod has a node. */
const place = () =>
  cluster.client.mergePatch(virtualMachineInstances, key, {
    patch: { status: { phase: "Scheduling", nodeName: node } },
    subresource: "status",
  });

function bound(vmiUid: string): Pod {
  const { status: _status, ...rest } = aPod();
  const { name, namespace, labels, annotations } = rest.metadata;
  const metadata = { name, ...(namespace && { namespace }), ...(annotations && { annotations }) };
  return { ...rest, metadata: { ...metadata, labels: { ...labels, "kubevirt.io/created-by": vmiUid } } };
}

async function remove(): Promise<void> {
  await cluster.client.delete(virtualMachineInstances, key);
  const podKey = { namespace: "default", name: "virt-launcher-web" };
  await cluster.client.delete(pods, podKey, { gracePeriodSeconds: 0 }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await eventually(async () => (await cluster.client.find(pods, podKey)) === undefined);
}

function start(): void {
  client = cluster.connect();
  const log = pino({ enabled: false });
  const host = nodeHost({ stateDir: `${dir.path}/state`, devDir: "/dev" });
  executor = startExecutor({ client, node, host, connect: launchersIn(dir.path), log });
}

async function stop(): Promise<void> {
  await executor.close();
  client.close();
}

async function runPod(): Promise<void> {
  const { status } = aPod({ ready: true });
  await cluster.client.mergePatch(pods, podKeyOf(pod), { patch: { status }, subresource: "status" });
}

const podKeyOf = ({ metadata }: Pod) => ({ namespace: "default", name: metadata.name });
const written = (): number => client.transport.sent.PATCH ?? 0;
const vmi = async () => (await cluster.client.find(virtualMachineInstances, key)) as VirtualMachineInstance;
const reaches = (phase: string) => eventually(async () => (await vmi()).status?.phase === phase);
const eventsAbout = async (uid: string | undefined) => {
  const { items } = await cluster.client.list(events, { namespace: "default" });
  return items
    .filter(({ involvedObject }) => involvedObject.uid === uid)
    .toSorted((a, b) =>
      `${a.metadata.resourceVersion}`.localeCompare(`${b.metadata.resourceVersion}`, "en", { numeric: true }),
    );
};
const condition = async (type: string) => (await vmi()).status?.conditions?.find((found) => found.type === type);

describe("a launcher pod that runs", () => {
  it("gets its guest started, and one status written", async () => {
    await runPod();
    await reaches("Running");
    const { status } = await vmi();
    expect(status).toMatchObject({ nodeName: node, interfaces: [{ name: "default", ipAddress: "10.88.0.5" }] });
    expect(launcher.probes).toBe(1);
    expect(launcher.starts).toEqual([
      {
        vmi: expect.stringContaining('"cores":2'),
        emulation: true,
        capabilitiesCache: launcher.script.capabilities,
        interfaces: [expect.objectContaining({ name: "default", tap: "tap0", guestAddress: "10.0.2.2" })],
      },
    ]);
    expect(await sandbox.enter("ip", "-brief", "link", "show", "tap0")).toContain("tap0");
    await eventually(() => executor.copies.isFollowed(key));
    expect(written()).toBe(1);
  });

  it("has pauses of its guest told", async () => {
    await runPod();
    await reaches("Running");
    const running = launcher.script.started ?? aDomain();
    launcher.say({ ...running, phase: DomainPhase.DOMAIN_PHASE_PAUSED, reason: "ioError" });
    await eventually(async () => (await condition("Paused"))?.reason === "PausedIOError");
    launcher.say(running);
    await eventually(async () => (await condition("Paused")) === undefined);
    expect((await condition("Ready"))?.status).toBe("True");
  });

  it("is not written about as often as its guest has its agent come and go", async () => {
    await runPod();
    await reaches("Running");
    const began = Date.now();
    const running = launcher.script.started ?? aDomain();
    const isTold = async (connected: boolean) => ((await condition("AgentConnected")) !== undefined) === connected;
    for (let times = 1; times < statusRate.atOnce; times += 1) {
      launcher.say({ ...running, agentConnected: times % 2 === 1 });
      await eventually(() => isTold(times % 2 === 1));
    }
    const heard = () => executor.sessions.ofVmi(key)?.launcher.domain?.agentConnected;
    for (let times = 1; times <= 40; times += 1) {
      launcher.say({ ...running, agentConnected: times % 2 === 0 });
      await eventually(() => heard() === (times % 2 === 0));
    }
    const guest = { os: undefined, fsFreezeStatus: "frozen", missingCommands: [], accessCredentials: undefined };
    launcher.say({ ...running, agentConnected: false, guest });
    await eventually(async () => (await vmi()).status?.fsFreezeStatus === "frozen");
    expect(await isTold(false)).toBe(true);
    const regained = Math.ceil((Date.now() - began) / statusRate.oneInMs);
    expect(written()).toBeLessThanOrEqual(statusRate.atOnce + regained);
  });

  it("has what happened to its guest told, each once, also after a restart of the executor", async () => {
    const happened = (sequence: number, kind: string, reason: string) => ({
      ...{ sequence, kind, reason, disk: "", action: "" },
      time: new Date().toISOString(),
    });
    const running = launcher.script.started ?? aDomain();
    const began = happened(1, "started", "booted");
    launcher.script.started = { ...running, events: [began] };
    const sink = await startSink();
    const settings = {
      apiVersion: "kubevirt.io/v1",
      kind: "KubeVirt",
      metadata: { namespace: "default", name: "kv" },
    } as const;
    await cluster.client.create(kubeVirts, {
      ...settings,
      spec: { configuration: { lifecycleEvents: { sink: sink.url } } },
    });
    await runPod();
    await reaches("Running");
    await eventually(async () => (await eventsAbout((await vmi()).metadata.uid)).length === 1);
    await eventually(() => sink.events.length === 1);
    await stop();
    start();
    const panic = happened(2, "panicked", "panicked");
    launcher.say({ ...running, events: [began, panic] });
    await eventually(async () => (await eventsAbout((await vmi()).metadata.uid)).length === 2);
    await eventually(() => sink.events.length === 2);
    sink.close();
    await cluster.client.delete(kubeVirts, settings.metadata);
    expect(await eventsAbout((await vmi()).metadata.uid)).toMatchObject([
      { type: "Normal", reason: "Started", count: 1 },
      { type: "Warning", reason: "GuestPanicked", count: 1 },
    ]);
    expect(sink.events.map(({ type }) => type)).toEqual(["dev.knvirt.vmi.started", "dev.knvirt.vmi.panicked"]);
    expect(sink.events.map(({ id }) => id)).toEqual([`${pod.metadata.uid}.1`, `${pod.metadata.uid}.2`]);
  });

  it("is adopted by the next executor without a start and without a write", async () => {
    await runPod();
    await reaches("Running");
    await stop();
    start();
    await executor.synced;
    await eventually(() => executor.sessions.ofVmi(key)?.launcher.isReachable);
    launcher.say({ ...(launcher.script.started ?? aDomain()), reason: "unpaused" });
    await eventually(() => executor.sessions.ofVmi(key)?.launcher.domain?.reason === "unpaused");
    expect([launcher.starts.length, written()]).toEqual([1, 0]);
  });

  it("is followed again when its launcher's process was replaced", async () => {
    await runPod();
    await reaches("Running");
    launcher.stop();
    launcher = await scriptedLauncher(dir.socketOf(pod.metadata.uid ?? ""), aDomain());
    await eventually(() => executor.sessions.ofVmi(key)?.launcher.isReachable);
    expect(launcher.starts).toEqual([]);
  });

  it("is let go when it has ended", async () => {
    await runPod();
    await reaches("Running");
    const patch = { status: { phase: "Succeeded" } };
    await cluster.client.mergePatch(pods, podKeyOf(pod), { patch, subresource: "status" });
    await eventually(() => executor.sessions.ofVmi(key) === undefined);
    expect((await vmi()).status?.phase).toBe("Running"); // how it ended is not ours to say
  });
});

it("tells of a start that is refused, once, and goes on trying", async () => {
  const refusal = { code: status.UNAVAILABLE, details: "LibvirtNotResponding: the daemon is away" };
  launcher.script.refuseStart = [refusal, refusal];
  await runPod();
  await eventually(async () => (await condition("Synchronized"))?.reason === "LibvirtNotResponding");
  expect(await condition("Synchronized")).toMatchObject({ status: "False", message: "the daemon is away" });
  await reaches("Running");
  expect(await condition("Synchronized")).toBeUndefined();
  expect(launcher.starts).toHaveLength(3);
  const { items } = await cluster.client.list(events, { namespace: "default" });
  expect(items.filter(({ reason }) => reason === "SyncFailed")).toMatchObject([
    { type: "Warning", message: "LibvirtNotResponding: the daemon is away", count: 2 },
  ]);
});
