// A whole knvirt on this machine, as `npm start` makes it, for specs to use and to hurt.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import {
  accessFromKubeconfig,
  type Client,
  type ClusterAccess,
  connectClient,
  events,
  isNotFound,
  type KubernetesObject,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import { eventually } from "./eventually.ts";

const repository = join(import.meta.dirname, "..", "..");
const main = join(repository, "standalone", "main.ts");

export type Part = "supervisor" | "cluster" | "functions" | "node-executor" | "gateway";

export interface Instance {
  dataDir: string;
  kubeconfig: string;
  access: ClusterAccess;
  client: Client;
  pidOf(part: Part): number;
  /** Objects, events and the ends of all logs: what a failing spec prints. */
  evidence(): Promise<string>;
  run(args: string[]): Promise<Finished>;
}

export interface Started extends Instance {
  supervisor: ChildProcess;
  output(): string;
}

export interface Finished {
  code: number | null;
  output: string;
}

/** Resolves when `start` says that it is ready. Throws with its output when it ends before. */
export async function startInstance(
  dataDir: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Started> {
  const supervisor = spawn(process.execPath, [main, "start", ...args], {
    env: { ...process.env, ...env, KNVIRT_DATA: dataDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  await eventually(
    () => {
      if (supervisor.exitCode !== null) throw new Error(`start ended with ${supervisor.exitCode}:\n${output}`);
      return output.includes("ready:");
    },
    { seconds: 180, what: "knvirt start is ready", evidence: async () => output },
  );
  return { ...attachInstance(dataDir), supervisor, output: () => output };
}

/** The instance that runs on a data directory. */
export function attachInstance(dataDir: string): Instance {
  const kubeconfig = join(dataDir, "kubeconfig");
  const access = accessFromKubeconfig(kubeconfig);
  const client = connectClient(access, "knvirt-test");
  return {
    dataDir,
    kubeconfig,
    access,
    client,
    pidOf: (part) => Number(readFileSync(join(dataDir, "run", `${part}.pid`), "utf8")),
    evidence: () => evidenceOf(client, dataDir),
    run: (args) => runCommand(dataDir, args),
  };
}

/** The instance that all specs of a run share; started before the first. */
export function sharedInstance(): Instance {
  const dataDir = process.env.KNVIRT_TEST_DATA;
  if (!dataDir) throw new Error("KNVIRT_TEST_DATA is not set: run the specs by npm run e2e");
  return attachInstance(dataDir);
}

function runCommand(dataDir: string, args: string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, KNVIRT_DATA: dataDir } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

const plain = ({ metadata: { managedFields: _, ...metadata }, ...object }: KubernetesObject) => ({
  ...object,
  metadata,
});

async function evidenceOf(client: Client, dataDir: string): Promise<string> {
  const listed = [virtualMachines, virtualMachineInstances, pods, events].map(async (resource) => {
    const { items } = await client.list(resource as typeof pods);
    return items.map((item) => JSON.stringify(plain(item))).join("\n");
  });
  const objects = await Promise.all(listed.map((text) => text.catch((error: Error) => error.message)));
  const logs = ["cluster", "functions", "node-executor", "gateway"].map((name) => {
    const file = join(dataDir, "log", `${name}.log`);
    return `--- ${name}.log\n${existsSync(file) ? readFileSync(file, "utf8").slice(-3000) : "(none)"}`;
  });
  return [...objects, ...logs].join("\n");
}

export const getVm = (instance: Instance, name: string): Promise<VirtualMachine | undefined> =>
  instance.client.find(virtualMachines, { namespace: "default", name });

export const getVmi = (instance: Instance, name: string): Promise<VirtualMachineInstance | undefined> =>
  instance.client.find(virtualMachineInstances, { namespace: "default", name });

/** Waits for a VMI that runs and is not `after`. */
export function runningVmi(instance: Instance, name: string, after?: VirtualMachineInstance) {
  return eventually(
    async () => {
      const vmi = await getVmi(instance, name);
      return vmi?.status?.phase === "Running" && vmi.metadata.uid !== after?.metadata.uid && vmi;
    },
    { seconds: 90, what: `vmi ${name} runs`, evidence: () => instance.evidence() },
  );
}

/** Deletes VMs and VMIs of the given names and waits until they and their pods are gone. */
export async function removeVms(instance: Instance, ...names: string[]): Promise<void> {
  for (const name of names) {
    for (const resource of [virtualMachines, virtualMachineInstances]) await deleteIfThere(instance, resource, name);
    await eventually(
      async () =>
        !(await getVm(instance, name)) &&
        !(await getVmi(instance, name)) &&
        !(await instance.client.find(pods, { namespace: "default", name: `virt-launcher-${name}` })),
      { seconds: 60, what: `vm ${name} is gone`, evidence: () => instance.evidence() },
    );
  }
}

const deleteIfThere = (instance: Instance, resource: Resource, name: string): Promise<true> =>
  eventually(
    async () => {
      try {
        await instance.client.delete(resource, { namespace: "default", name });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return true as const;
    },
    { seconds: 20, what: `${resource.kind} ${name} is deleted` },
  );
