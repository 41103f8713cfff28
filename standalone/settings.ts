// Where one instance on this machine keeps its things, and which ports it got.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join, resolve } from "node:path";

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
  const folders = { runDir: join(dataDir, "run"), logDir: join(dataDir, "log") };
  for (const folder of [dataDir, ...Object.values(folders)]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "ports.json");
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await choosePorts()));
  const ports = JSON.parse(readFileSync(file, "utf8")) as Ports;
  return { dataDir, ...folders, kubeconfig: join(dataDir, "kubeconfig"), nodeName: hostname().toLowerCase(), ports };
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
