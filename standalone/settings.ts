// Where one instance on this machine keeps its things, and which ports it got.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { writeAtomically } from "./pod-runner/atomic-file.ts";

export interface Settings {
  dataDir: string;
  kubeconfig: string;
  runDir: string;
  logDir: string;
  nodeName: string;
  ports: Ports;
}

export interface Ports {
  api: number;
  metrics: number;
}

const defaultDataDir = "/var/lib/knvirt";
/** Taken when free: what people expect. Every later instance on a machine gets others. */
const usualPorts: Ports = { api: 6443, metrics: 8443 };

export const dataDirOf = (env: NodeJS.ProcessEnv): string => resolve(env.KNVIRT_DATA || defaultDataDir);

export const imagesDir = (dataDir: string): string => join(dataDir, "images");
export const programsDir = (dataDir: string): string => join(dataDir, "programs");

/** The same answer at every start, so that a kubeconfig stays good. */
export async function settingsAt(dataDir: string): Promise<Settings> {
  claim(dataDir);
  const folders = { runDir: join(dataDir, "run"), logDir: join(dataDir, "log") };
  const file = join(dataDir, portsFile);
  if (!existsSync(file)) await writeAtomically(file, JSON.stringify(await choosePorts()));
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = JSON.parse(readFileSync(file, "utf8")) as Ports;
  return { dataDir, ...folders, kubeconfig: join(dataDir, "kubeconfig"), nodeName: hostname().toLowerCase(), ports };
}

/** Written before anything else: by it a data directory is known. */
const portsFile = "ports.json";
/** A socket's address takes 107 bytes, of which the longest name below the directory needs these. */
const longestPath = 107 - "/run/functions.sock".length;

/** A data directory is removed whole one day, and holds secrets: it has to be ours alone. */
function claim(dataDir: string): void {
  if (Buffer.byteLength(dataDir) > longestPath)
    throw new Error(
      `data directory ${dataDir} has a path too long for sockets: expected ${longestPath} bytes at most`,
    );
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const owner = statSync(dataDir).uid;
  if (owner !== process.getuid?.())
    throw new Error(`data directory ${dataDir} belongs to user ${owner}: expected one of root's`);
  const present = readdirSync(dataDir).filter((name) => name !== "lost+found");
  if (present.length > 0 && !present.some((name) => name.startsWith(portsFile)))
    throw new Error(
      `data directory ${dataDir} has files of others: found ${present[0]}, expected an empty or a new directory`,
    );
  chmodSync(dataDir, 0o700);
}

async function choosePorts(): Promise<Ports> {
  return { api: await freePort(usualPorts.api), metrics: await freePort(usualPorts.metrics) };
}

async function freePort(wanted: number): Promise<number> {
  return (await portIfFree(wanted)) ?? (await portIfFree(0)) ?? wanted;
}

const portIfFree = (port: number): Promise<number | undefined> =>
  new Promise((found) => {
    const server = createServer();
    server.on("error", () => found(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" ? address?.port : undefined));
    });
  });
