// What the sweep costs when there is nothing to do: the real processes, over many stored VMs.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import {
  customResourceDefinitionsOfKubevirt,
  finalizer,
  kubeVirts,
  launcherPodName,
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import {
  accessFromKubeconfig,
  type Client,
  connectClient,
  customResourceDefinitions,
  type KubernetesObject,
  pods,
} from "@knvirt/kubernetes";
import { bundlePrograms } from "../../standalone/bundle.ts";
import { nodeOptions, programFile } from "../../standalone/programs.ts";
import { mebibytes, type Row } from "./row.ts";

interface Sweep {
  /** Looked at: each VM, and each instance. */
  objects: number;
  /** Of both functions, by the functions' own count. */
  writes: number;
  seconds: number;
  /** CPU time of the functions; the rest is the API server's. */
  cpuSeconds: number;
  /** Most that the functions' process held meanwhile. */
  peakBytes: number;
}

const root = dirname(dirname(import.meta.dirname));
const sizes = [1_000, 10_000, 100_000];
/** So many run, those beyond are halted. */
const mostRunning = 10_000;
const atOnce = 32;

/** Takes minutes: all objects are written through the API. */
export async function sweepBench(): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-sweep-"));
  const programs = join(dataDir, "programs");
  await bundlePrograms(programs);
  const { child, kubeconfig } = await startApiServer(dataDir);
  const bench: Bench = { dataDir, kubeconfig, program: programFile(programs, "functions") };
  const client = connectClient(accessFromKubeconfig(kubeconfig), "knvirt-bench");
  try {
    await install(client);
    const rows: Row[] = [];
    let stored = 0;
    for (const size of sizes) {
      const numbers = Array.from({ length: size - stored }, (_, index) => stored + index);
      await withFunctions(bench, (functions) => fill(client, functions, numbers));
      stored = size;
      rows.push(...rowsOf(size, await withFunctions(bench, measure)));
    }
    return rows;
  } finally {
    client.close();
    await ended(child);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Bench {
  dataDir: string;
  kubeconfig: string;
  /** Bundled, as an installation runs it. */
  program: string;
}

async function startApiServer(dataDir: string): Promise<{ child: ChildProcess; kubeconfig: string }> {
  const program = join(root, "standalone/apiserver/main.ts");
  const child = spawn(process.execPath, [program, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await firstLine(child, () => true);
  return { child, ...(JSON.parse(line) as { kubeconfig: string }) };
}

async function firstLine({ stdout, exitCode }: ChildProcess, isIt: (line: string) => boolean): Promise<string> {
  if (stdout) for await (const line of createInterface({ input: stdout })) if (isIt(line)) return line;
  throw new Error(`a process ended before it served: exit code ${exitCode}`);
}

interface Functions {
  pid: number;
  socketPath: string;
}

/** A process of its own for each use: what one leaves in memory is not the next one's. */
async function withFunctions<T>(
  { dataDir, kubeconfig, program }: Bench,
  use: (functions: Functions) => Promise<T>,
): Promise<T> {
  const socketPath = join(dataDir, "functions.sock");
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    LISTEN: socketPath,
    SWEEP_SECONDS: "0",
    LAUNCHER_IMAGE: "launcher:1",
  };
  const child = spawn(process.execPath, [...nodeOptions, program], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    await firstLine(child, (line) => line.includes("functions are ready"));
    return await use({ pid: child.pid ?? 0, socketPath });
  } finally {
    await ended(child);
  }
}

async function install(client: Client): Promise<void> {
  for (const definition of customResourceDefinitionsOfKubevirt())
    await client.create(customResourceDefinitions, definition);
  await client.create(kubeVirts, {
    apiVersion: "kubevirt.io/v1",
    kind: "KubeVirt",
    metadata: { name: "kubevirt", namespace: "default" },
    spec: {},
  });
}

/** Makes VMs, and lets functions and a make-believe node bring them to rest. */
async function fill(client: Client, functions: Functions, numbers: number[]): Promise<void> {
  console.error(`sweep: storing ${numbers.length} VMs ...`);
  await each(numbers, (number) => client.create(virtualMachines, aVm(number)));
  console.error("sweep: bringing them to rest ...");
  await post(functions, "/sweep");
  await each(numbers.filter(isRunning), (number) => startGuest(client, nameOf(number)));
  for (let round = 0; round < 3; round++) await post(functions, "/sweep");
}

const isRunning = (number: number): boolean => number < mostRunning;
const nameOf = (number: number): string => `vm-${number}`;

const aVm = (number: number): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace: "default", name: nameOf(number), labels: { app: "bench" }, finalizers: [finalizer.vm] },
  spec: {
    runStrategy: isRunning(number) ? "Always" : "Halted",
    template: {
      metadata: { labels: { app: "bench" } },
      spec: {
        domain: {
          cpu: { cores: 2 },
          memory: { guest: "64Mi" },
          devices: { disks: [{ name: "root", disk: { bus: "virtio" } }], rng: {} },
        },
        volumes: [{ name: "root", containerDisk: { image: "registry.example/guests/small:1" } }],
      },
    },
  },
});

async function startGuest(client: Client, name: string): Promise<void> {
  const namespace = "default";
  const patch = { status: { phase: "Running" } };
  await client.mergePatch(pods, { namespace, name: launcherPodName(name) }, { patch, subresource: "status" });
  const now = new Date().toISOString();
  const status = {
    phase: "Running",
    nodeName: "bench",
    phaseTransitionTimestamps: [{ phase: "Running", phaseTransitionTimestamp: now }],
    conditions: [{ type: "Ready", status: "True", reason: "", message: "", lastTransitionTime: now }],
  };
  const metadata = { namespace, name };
  const vmi = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", metadata, status };
  const options = { manager: "knvirt-node-executor", force: true, subresource: "status" as const };
  await client.apply(virtualMachineInstances, vmi as KubernetesObject, options);
}

async function each(numbers: number[], work: (number: number) => Promise<unknown>): Promise<void> {
  const waiting = [...numbers];
  const workers = Array.from({ length: atOnce }, async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await work(number);
  });
  await Promise.all(workers);
}

async function measure(functions: Functions): Promise<Sweep> {
  const cpuBefore = cpuSecondsOf(functions);
  const began = performance.now();
  await post(functions, "/sweep");
  return {
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: cpuSecondsOf(functions) - cpuBefore,
    writes: await sumOf(functions, "knvirt_function_writes_total"),
    objects: await sumOf(functions, "knvirt_function_sweep_objects"),
    peakBytes: peakMemoryKib(functions) * 1024,
  };
}

/** For each 10,000 VMs. */
const mostSeconds = 3;
const mostBytes = 256 * 1024 ** 2;

function rowsOf(vms: number, { objects, writes, seconds: took, cpuSeconds, peakBytes }: Sweep): Row[] {
  const running = Math.min(vms, mostRunning);
  if (objects !== vms + running) throw new Error(`the sweep saw ${objects} objects, not ${vms + running}`);
  const what = `sweep over ${vms} settled VMs, ${running} of them running`;
  return [
    { name: `${what}: writes`, value: `${writes}`, target: "0", met: writes === 0 },
    {
      name: `${what}: time (CPU of the functions)`,
      value: `${took.toFixed(2)} s (${cpuSeconds.toFixed(2)} s)`,
      target: `${mostSecondsOf(vms)} s`,
      met: took <= mostSecondsOf(vms),
    },
    {
      name: `${what}: peak memory of the functions`,
      value: mebibytes(peakBytes),
      target: mebibytes(mostBytes),
      met: peakBytes <= mostBytes,
    },
  ];
}

const mostSecondsOf = (vms: number): number => mostSeconds * Math.max(1, vms / 10_000);

const peakMemoryKib = ({ pid }: Functions): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

const ticksPerSecond = 100;

/** User and system time: fields 14 and 15, counted behind the name in parentheses (proc(5)). */
function cpuSecondsOf({ pid }: Functions): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function sumOf(functions: Functions, metric: string): Promise<number> {
  const text = await send(functions, "GET", "/metrics");
  const lines = text.split("\n").filter((line) => line.startsWith(`${metric}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

const post = (functions: Functions, path: string): Promise<string> => send(functions, "POST", path);

function send({ socketPath }: Functions, method: "GET" | "POST", path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      if ((answer.statusCode ?? 500) < 300) resolve(text);
      else reject(new Error(`${method} ${path} was answered with ${answer.statusCode}: ${text}`));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
