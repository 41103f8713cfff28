// For tests: API server, functions and event source together. What a node would do is done by hand.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  customResourceDefinitionsOfKubevirt,
  kubeVirts,
  launcherPodName,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import {
  createMetrics,
  definitionsOf,
  type FunctionMetrics,
  type Functions,
  type ObjectChange,
  serveFunctions,
  startEventSource,
  startFunctions,
  watchedBy,
} from "@knvirt/functions";
import {
  type Client,
  type ClusterAccess,
  connectClient,
  customResourceDefinitions,
  type KubernetesObject,
  keyOf,
  type Pod,
  pathOf,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import { pino } from "pino";
import { startApiServer } from "../apiserver/index.ts";
import { eventDelivery } from "../event-delivery.ts";
import { type Faults, withFaults } from "../event-faults.ts";

const namespace = "default";
const definitions = definitionsOf({ launcher: { image: "launcher:1" } });

/** Asks until the answer is good; throws with the last one when it does not come to that. */
export async function eventually<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(answer, null, 1)}`);
    await sleep(20);
  }
}

type Wanted<T> = (object: T | undefined) => boolean;

export interface Rig {
  client: Client;
  functions: Functions;
  metrics: FunctionMetrics;
  /** Ends the functions; events go on. */
  stop(): Promise<void>;
  /** Changes that no function took. */
  dropped: ObjectChange[];
  createVm(name: string, spec?: Partial<VirtualMachine["spec"]>): Promise<VirtualMachine>;
  vm(name: string, isGood: Wanted<VirtualMachine>): Promise<VirtualMachine | undefined>;
  vmi(name: string, isGood: Wanted<VirtualMachineInstance>): Promise<VirtualMachineInstance | undefined>;
  podOf(name: string, isGood: Wanted<Pod>): Promise<Pod | undefined>;
  /** What a node does when it starts the pod, and its executor when the guest runs. */
  startGuest(name: string): Promise<void>;
  setPod(name: string, status: NonNullable<Pod["status"]>): Promise<void>;
  /** Waits for the launcher pod of a VMI and gives it a node. */
  bind(name: string): Promise<void>;
  /** Waits until that pod is being deleted, and lets it go as its kubelet does. */
  letGo(name: string): Promise<void>;
  /** Of the functions, by function, verb and kind. */
  writes(): Promise<Record<string, number>>;
}

export interface RigOptions extends Partial<Faults> {
  /** Two processes work on the same objects, each fed with all events. */
  twins?: boolean;
  /** Events are calls in the same process, as in the controller, instead of requests to a socket. */
  direct?: boolean;
}

export async function withControlPlane(
  test: (rig: Rig) => Promise<void>,
  { twins = false, ...options }: RigOptions = {},
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-rig-"));
  const tokens = [{ username: "admin", groups: ["system:masters"], token: "secret" }];
  const server = await startApiServer({ dataDir, port: 0, tokens });
  const access: ClusterAccess = { server: server.url, ca: server.ca, token: () => "secret" };
  const client = connectClient(access);
  await install(client);
  const dropped: ObjectChange[] = [];
  const names = twins ? ["one", "two"] : ["one"];
  const processes = await Promise.all(
    names.map((name) => startFed(access, { socketPath: join(dataDir, `${name}.sock`), options, dropped })),
  );
  try {
    const [first] = processes as [Fed];
    const { functions, metrics, stop } = first;
    const all = processes.map((each) => each.metrics);
    await test({ ...rigOf(client), client, functions, metrics, stop, dropped, writes: () => writesOf(all) });
  } finally {
    for (const process of processes) await process.close();
    client.close();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Feeding {
  socketPath: string;
  options: Omit<RigOptions, "twins">;
  dropped: ObjectChange[];
}

type Fed = Awaited<ReturnType<typeof startFed>>;

/** A process of functions, and an event source for it alone. */
async function startFed(access: ClusterAccess, { socketPath, options, dropped }: Feeding) {
  const { direct = false, ...faults } = options;
  const [own, watching] = [connectClient(access), connectClient(access)];
  const log = pino({ level: "fatal" });
  const metrics = await createMetrics();
  const functions = await startFunctions({ definitions, client: own, log, metrics });
  const served = await serveFunctions({ functions, where: socketPath, log });
  const sender = eventDelivery({ socketPath, onDropped: (change) => dropped.push(change) });
  const source = startEventSource({
    client: watching,
    watched: watchedBy(definitions),
    deliver: withFaults(direct ? ({ reference }) => functions.take(reference) : sender.deliver, faults),
    tellsExisting: !direct,
  });
  await source.synced;
  return {
    functions,
    metrics,
    stop: () => served.close(),
    close: async (): Promise<void> => {
      source.close();
      sender.close();
      await served.close();
      own.close();
      watching.close();
    },
  };
}

async function install(client: Client): Promise<void> {
  for (const definition of customResourceDefinitionsOfKubevirt()) {
    await client.create(customResourceDefinitions, definition);
    await eventually(
      () => client.find(customResourceDefinitions, keyOf(definition)),
      (object) => JSON.stringify(object?.status ?? {}).includes('"Established"'),
    );
  }
  await client.create(kubeVirts, {
    apiVersion: "kubevirt.io/v1",
    kind: "KubeVirt",
    metadata: { name: "kubevirt", namespace },
    spec: { configuration: { developerConfiguration: { useEmulation: true } } },
  });
}

function rigOf(client: Client): Omit<Rig, "client" | "functions" | "metrics" | "stop" | "dropped" | "writes"> {
  const find = <T extends KubernetesObject>(of: Resource<T>, name: string) => client.find(of, { namespace, name });
  const setPod = async (name: string, status: NonNullable<Pod["status"]>): Promise<void> => {
    const key = { namespace, name: launcherPodName(name) };
    await client.mergePatch(pods, key, { patch: { status }, subresource: "status" });
  };
  const podOf: Rig["podOf"] = (name, isGood) => eventually(() => find(pods, launcherPodName(name)), isGood);
  return {
    createVm: (name, spec) => client.create(virtualMachines, aVm(name, spec)),
    vm: (name, isGood) => eventually(() => find(virtualMachines, name), isGood),
    vmi: (name, isGood) => eventually(() => find(virtualMachineInstances, name), isGood),
    podOf,
    setPod,
    letGo: async (name) => {
      await podOf(name, (pod) => pod?.metadata.deletionTimestamp !== undefined);
      await client.delete(pods, { namespace, name: launcherPodName(name) }, { gracePeriodSeconds: 0 });
    },
    bind: async (name) => {
      await podOf(name, (pod) => pod !== undefined && !pod.spec.nodeName && !pod.metadata.deletionTimestamp);
      const path = pathOf(pods, { namespace, name: launcherPodName(name) }, "binding");
      const body = {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: launcherPodName(name) },
        target: { kind: "Node", name: "node-1" },
      };
      await client.transport.call({ method: "POST", path, body });
    },
    startGuest: async (name) => {
      await setPod(name, { phase: "Running" });
      const vmi = await find(virtualMachineInstances, name);
      if (!vmi) throw new Error(`there is no instance ${name}`);
      const options = { manager: "knvirt-node-executor", force: true, subresource: "status" as const };
      await client.apply(virtualMachineInstances, running(vmi), options);
    },
  };
}

const aVm = (name: string, spec: Partial<VirtualMachine["spec"]> = {}): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name },
  spec: { runStrategy: "Always", template: { spec: { domain: { memory: { guest: "64Mi" } } } }, ...spec },
});

function running({
  apiVersion,
  kind,
  metadata: { name, resourceVersion },
}: VirtualMachineInstance): KubernetesObject {
  const now = new Date().toISOString();
  const status = {
    phase: "Running",
    phaseTransitionTimestamps: [{ phase: "Running", phaseTransitionTimestamp: now }],
    conditions: [{ type: "Ready", status: "True", reason: "", message: "", lastTransitionTime: now }],
  };
  const metadata = { name, namespace, ...(resourceVersion && { resourceVersion }) };
  return { apiVersion, kind, metadata, status } as KubernetesObject;
}

async function writesOf(all: FunctionMetrics[]): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { writes } of all)
    for (const { labels, value } of (await writes.get()).values) {
      const what = `${labels.function} ${labels.verb} ${labels.kind}`;
      sums[what] = (sums[what] ?? 0) + value;
    }
  return sums;
}
