// Kubernetes' own API server and its store, on this machine's loopback for the time of a run: the rig's binaries,
// certificates and options, without nodes.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterAccess } from "@knvirt/kubernetes";
import { printedProgress } from "../../../standalone/progress.ts";
import { modules } from "../../cluster/builds.ts";
import { controlPlaneCertificates, writeCertificates, writeServiceAccountKey } from "../../cluster/certificates.ts";
import { apiServerOptions, auditPolicy } from "../../cluster/control-plane/api-server.ts";
import { certificate, certificatesIn, configFile, configIn } from "../../cluster/control-plane/layout.ts";
import { buildGo } from "../../cluster/go-build.ts";
import { networkOf, nodePlans } from "../../cluster/network.ts";
import { options, type Program } from "../../cluster/node/program.ts";
import { clusterPlaces } from "../../cluster/places.ts";
import { run } from "../../cluster/run.ts";
import { eventually } from "../../support/eventually.ts";
import { type Server, serverAt } from "./server.ts";

export interface RealServer extends Server {
  stop(): Promise<void>;
}

export async function startRealServer(): Promise<RealServer> {
  const state = mkdtempSync(join(tmpdir(), "knvirt-compare-"));
  const places = clusterPlaces({ ...process.env, KUBECONFIG: undefined, KNVIRT_CLUSTER: state });
  const [first] = nodePlans(networkOf(state), 1);
  if (!first) throw new Error("the rig plans no node");
  const kubernetes = await buildGo({ ...places, progress: printedProgress(), run }, modules.kubernetes);
  await writeCertificates(certificatesIn(places), controlPlaneCertificates(first));
  await writeServiceAccountKey(certificatesIn(places));
  await mkdir(configIn(places), { recursive: true });
  await writeFile(configFile(places, "audit-policy.json"), JSON.stringify(auditPolicy));
  const plane = { ...places, kubernetes, dns: "", node: first };
  const ports = { client: await freePort(), peer: await freePort(), api: await freePort() };
  const started = [etcd(state, ports), apiServer(apiServerOptions(plane), { kubernetes, ports })].map((program) =>
    start(program, state),
  );
  const pem = (name: string) => readFile(certificate(places, name), "utf8");
  const access: ClusterAccess = {
    server: `https://127.0.0.1:${ports.api}`,
    ca: await pem("ca.crt"),
    clientCertificate: { cert: await pem("admin.crt"), key: await pem("admin.key") },
  };
  const server = serverAt("kube-apiserver", access);
  await eventually(async () => (await server.call({ method: "GET", path: "/readyz" })).code === 200, {
    ...{ seconds: 90, what: "kube-apiserver is ready" },
    evidence: () => readFile(join(state, "kube-apiserver.log"), "utf8").then((log) => log.slice(-4_000)),
  });
  const stop = async () => {
    server.close();
    for (const child of started.toReversed()) await ended(child);
    rmSync(state, { recursive: true, force: true });
  };
  return { ...server, stop };
}

interface Ports {
  client: number;
  peer: number;
  api: number;
}

const etcd = (state: string, { client, peer }: Ports): Program => ({
  name: "etcd",
  argv: [
    "etcd",
    ...options({
      ...{ name: "compare", "data-dir": join(state, "etcd"), logger: "zap", "log-level": "warn" },
      "listen-client-urls": `http://127.0.0.1:${client}`,
      "advertise-client-urls": `http://127.0.0.1:${client}`,
      "listen-peer-urls": `http://127.0.0.1:${peer}`,
      "initial-advertise-peer-urls": `http://127.0.0.1:${peer}`,
      "initial-cluster": `compare=http://127.0.0.1:${peer}`,
      // What it holds is gone with the run.
      "unsafe-no-fsync": true,
    }),
  ],
});

const apiServer = (
  given: ReturnType<typeof apiServerOptions>,
  { kubernetes, ports }: { kubernetes: string; ports: Ports },
): Program => ({
  name: "kube-apiserver",
  argv: [
    join(kubernetes, "kube-apiserver"),
    ...options({
      ...given,
      "bind-address": "127.0.0.1",
      "secure-port": ports.api,
      "etcd-servers": `http://127.0.0.1:${ports.client}`,
      "audit-log-path": undefined,
      "audit-policy-file": undefined,
      "audit-log-maxsize": undefined,
    }),
  ],
});

function start({ name, argv }: Program, state: string): ChildProcess {
  const log = createWriteStream(join(state, `${name}.log`));
  const child = spawn(argv[0] ?? "", argv.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
