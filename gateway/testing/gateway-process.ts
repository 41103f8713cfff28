// The gateway as a process of its own on this machine, between the embedded API server and an executor's socket.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  customResourceDefinitionsOfKubevirt,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from "@knvirt/api";
import { connectClient, customResourceDefinitions } from "@knvirt/kubernetes";
import { WebSocket } from "ws";
import { eventually } from "../../test/support/eventually.ts";

export interface GatewayProcess {
  /** Where it expects the executor. */
  executorSocket: string;
  /** A viewer of the instance's console; undefined when it is not let in. */
  look(): Promise<WebSocket | undefined>;
  residentMib(): number;
  kill(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

const token = "secret-of-admin";

/** The server's folder is not ours to import: tests, which may, hand it in. */
type StartApiServer = (options: {
  dataDir: string;
  port: number;
  tokens: { token: string; username: string; groups: string[] }[];
}) => Promise<{ url: string; ca: string; close(): Promise<void> }>;

/** With one instance, which is told as Running. */
export async function startGatewayProcess(
  startApiServer: StartApiServer,
  vmi: VirtualMachineInstance,
): Promise<GatewayProcess> {
  const directory = mkdtempSync(join(tmpdir(), "knvirt-gateway-process-"));
  const [executorSocket, gatewaySocket] = [join(directory, "executor.sock"), join(directory, "gateway.sock")];
  const tokens = [{ token, username: "admin", groups: ["system:masters"] }];
  const api = await startApiServer({ dataDir: directory, port: 0, tokens });
  await anInstance(api, vmi);
  const kubeconfig = join(directory, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(api));
  const env = { ...process.env, KUBECONFIG: kubeconfig, LISTEN: gatewaySocket, EXECUTOR_SOCKET: executorSocket };
  const run = (): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts")], { env, stdio: "ignore" });
  let gateway = run();
  const kill = async (): Promise<void> => {
    gateway.kill("SIGKILL");
    if (gateway.exitCode === null && gateway.signalCode === null) await once(gateway, "exit");
  };
  return {
    executorSocket,
    look: () => viewer(gatewaySocket, vmi),
    residentMib: () => {
      const status = readFileSync(`/proc/${gateway.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    kill,
    start: () => {
      gateway = run();
    },
    close: async () => {
      await kill();
      await api.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function anInstance({ url: server, ca }: { url: string; ca: string }, vmi: VirtualMachineInstance) {
  const client = connectClient({ server, ca, token: () => token });
  for (const definition of customResourceDefinitionsOfKubevirt())
    await client.create(customResourceDefinitions, definition);
  await eventually(() => client.list(virtualMachineInstances).catch(() => undefined), { what: "kinds are served" });
  const created = await client.create(virtualMachineInstances, vmi);
  await client.replace(virtualMachineInstances, { ...created, status: { phase: "Running" } }, "status");
  client.close();
}

const kubeconfigOf = ({ url: server, ca }: { url: string; ca: string }): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "test", cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } },
    ],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  });

async function viewer(socketPath: string, { metadata }: VirtualMachineInstance): Promise<WebSocket | undefined> {
  const place = `namespaces/${metadata.namespace}/virtualmachineinstances/${metadata.name}`;
  const url = `ws+unix:${socketPath}:/apis/subresources.kubevirt.io/v1/${place}/console`;
  const headers = { "x-remote-user": "ann", "x-remote-group": "people" };
  const socket = new WebSocket(url, ["plain.kubevirt.io"], { headers });
  try {
    await once(socket, "open");
    return socket;
  } catch {
    return undefined;
  }
}
