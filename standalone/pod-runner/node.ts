// This machine as a Node: what it is, and how much of it pods may have.
import { access, readFile, statfs } from "node:fs/promises";
import { arch, availableParallelism, networkInterfaces, release, totalmem } from "node:os";
import { type Client, type Node, nodes } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import { type Hugepages, hugepageBytes, hugepageResources, hugepagesOf } from "./hugepages.ts";
import { deviceResources } from "./oci/devices.ts";

export interface NodeFacts {
  name: string;
  address: string;
  cpus: number;
  memoryBytes: number;
  diskBytes: number;
  /** Extended resources whose device node exists. */
  devices: string[];
  hugepages?: Hugepages[];
  architecture: string;
  info: Record<string, string>;
}

const manager = "knvirt-pod-runner";
/** For this process, its neighbours and the kernel; what is left may be promised to pods. */
const reservedMemoryBytes = 256 * 1024 ** 2;
const podsAtMost = 250; // addresses of the pod network
/** A device node is shared by all who open it: as many as KubeVirt's device plugin promises. */
const devicesAtMost = "1k";

const goArchitectures: Record<string, string> = { x64: "amd64", arm64: "arm64" };

export async function observeNode(name: string, dataDir: string): Promise<NodeFacts> {
  const { blocks, bsize } = await statfs(dataDir);
  const present = await Promise.all(
    Object.entries(deviceResources).map(async ([resource, path]) => ((await exists(path)) ? [resource] : [])),
  );
  return {
    name,
    address: machineAddress(),
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    diskBytes: blocks * bsize,
    devices: present.flat(),
    hugepages: await hugepagesOf(),
    architecture: goArchitectures[arch()] ?? arch(),
    info: await nodeInfo(),
  };
}

/** Where this machine is reached; without any network, where it reaches itself. */
export function machineAddress(): string {
  const addresses = Object.entries(networkInterfaces())
    .filter(([device]) => !device.startsWith("knv-"))
    .flatMap(([, entries = []]) => entries);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

export function nodeStatus(facts: NodeFacts, now: Date): NonNullable<Node["status"]> {
  const { hugepages = [] } = facts;
  const forPods = facts.memoryBytes - reservedMemoryBytes - hugepageBytes(hugepages);
  const resources = (memoryBytes: number) => ({
    cpu: String(facts.cpus),
    memory: `${Math.floor(memoryBytes / 1024)}Ki`,
    pods: String(podsAtMost),
    "ephemeral-storage": `${Math.floor(facts.diskBytes / 1024)}Ki`,
    ...Object.fromEntries(facts.devices.map((resource) => [resource, devicesAtMost])),
    ...hugepageResources(hugepages),
  });
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  return {
    capacity: resources(facts.memoryBytes),
    allocatable: resources(Math.max(0, forPods)),
    addresses: [
      { type: "InternalIP", address: facts.address },
      { type: "Hostname", address: facts.name },
    ],
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "PodRunnerReady",
        message: "the pod runner of this machine is up",
        lastTransitionTime: time,
      },
    ],
    nodeInfo: facts.info,
  };
}

export async function registerNode(client: Client, facts: NodeFacts): Promise<void> {
  const identity = { apiVersion: "v1", kind: "Node" };
  const labels = {
    "kubernetes.io/hostname": facts.name,
    "kubernetes.io/arch": facts.architecture,
    "kubernetes.io/os": "linux",
  };
  const metadata = { name: facts.name };
  await client.apply(nodes, { ...identity, metadata: { ...metadata, labels } }, { manager, force: true });
  const status = { ...identity, metadata, status: nodeStatus(facts, new Date()) };
  await client.apply(nodes, status, { manager, force: true, subresource: "status" });
}

async function nodeInfo(): Promise<Record<string, string>> {
  const [machineID, bootID, system, runtime] = await Promise.all([
    textOf("/etc/machine-id"),
    textOf("/proc/sys/kernel/random/boot_id"),
    textOf("/etc/os-release"),
    runTool("crun", ["--version"]),
  ]);
  return {
    machineID,
    bootID,
    systemUUID: machineID,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(system)?.[1] ?? "Linux",
    containerRuntimeVersion: `crun://${runtime.split("\n")[0]?.replace("crun version ", "") ?? ""}`,
    kubeletVersion: "knvirt",
    kubeProxyVersion: "",
    operatingSystem: "linux",
    architecture: goArchitectures[arch()] ?? arch(),
  };
}

const textOf = async (file: string): Promise<string> => (await readFile(file, "utf8").catch(() => "")).trim();

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
