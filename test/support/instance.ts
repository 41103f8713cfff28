// A whole knvirt on this machine, as `npm start` makes it, for specs to use and to hurt.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { delimiter, join } from "node:path";
import { accessFromKubeconfig, connectClient } from "@knvirt/kubernetes";
import { exampleImage } from "./builders.ts";
import { eventually } from "./eventually.ts";
import { objectsText } from "./evidence.ts";
import type { Host, Outside } from "./host.ts";
import { get, serveRelay } from "./relay.ts";

const repository = join(import.meta.dirname, "..", "..");
const main = join(repository, "standalone", "main.ts");

export type Part = "supervisor" | "cluster" | "functions" | "node-executor" | "gateway";

export interface Instance extends Host {
  dataDir: string;
  pidOf(part: Part): number;
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
    kind: "standalone",
    dataDir,
    kubeconfig,
    access,
    client,
    namespace: "default",
    settings: { namespace: "knvirt", name: "knvirt" },
    guestImage: exampleImage,
    kubectl: installedKubectl(),
    absentImage: (name) => `oci:/nowhere/${name}:latest`,
    publish: async (layout) => `oci:${layout}:latest`,
    get: (url) => get({ url }),
    outside: serveOnMachine,
    scrape: (token = access.token?.() ?? "") => {
      const { metrics } = JSON.parse(readFileSync(join(dataDir, "ports.json"), "utf8")) as { metrics: number };
      return get({
        url: `https://127.0.0.1:${metrics}/metrics`,
        token,
        ...(access.ca && { certificate: access.ca }),
      });
    },
    pidOf: (part) => Number(readFileSync(join(dataDir, "run", `${part}.pid`), "utf8")),
    evidence: async () => `${await objectsText(client)}\n${logs(dataDir)}`,
    run: (args) => runCommand(dataDir, args),
  };
}

function installedKubectl(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "kubectl")).find((file) => existsSync(file));
}

async function serveOnMachine(): Promise<Outside> {
  const server = serveRelay(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const address = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.family === "IPv4" && !entry.internal)?.address;
  return { url: `http://${address}:${port}/`, close: () => server.close() };
}

const logs = (dataDir: string): string =>
  ["cluster", "functions", "node-executor", "gateway"]
    .map((name) => {
      const file = join(dataDir, "log", `${name}.log`);
      return `--- ${name}.log\n${existsSync(file) ? readFileSync(file, "utf8").slice(-3000) : "(none)"}`;
    })
    .join("\n");

/** The instance that all standalone specs of a run share; started before the first. */
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
