// For tests: the gateway on its socket, between an embedded API server that passes its group on to it and an executor
// that does what the test says.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  customResourceDefinitionsOfKubevirt,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from "@knvirt/api";
import { type Client, connectClient, customResourceDefinitions } from "@knvirt/kubernetes";
import pino from "pino";
import { WebSocket } from "ws";
import { type ApiServer, startApiServer } from "../../standalone/apiserver/index.ts";
import { aSpec, aVmi } from "../../test/support/builders.ts";
import { eventually } from "../../test/support/eventually.ts";
import { type Executors, localExecutor } from "../executors.ts";
import { callerOf, usualHeaders } from "../front-proxy.ts";
import { versions } from "../routes.ts";
import { serveGateway } from "../server.ts";
import { apiService, apiServices } from "./aggregated-cluster.ts";
import { type ScriptedExecutor, startScriptedExecutor } from "./scripted-executor.ts";

export const token = "secret-of-admin";
export const asAnn = { "x-remote-user": "ann", "x-remote-group": "people" };

export const pathOf = (what: string, resource = "virtualmachineinstances"): string =>
  `/apis/subresources.kubevirt.io/v1/namespaces/default/${resource}/${what}`;

type Status = NonNullable<VirtualMachineInstance["status"]>;

export interface Calling {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

export interface GatewayRig {
  api: ApiServer;
  client: Client;
  /** Its own, removed at the end. */
  directory: string;
  gatewaySocket: string;
  executor: ScriptedExecutor;
  startExecutor(): Promise<void>;
  /** A gateway and an executor that know of nothing. */
  begin(options?: { client?: Client; pingMs?: number }): Promise<void>;
  end(): Promise<void>;
  /** That the gateway holds. */
  connections(): Promise<number>;
  instance(name: string, status: Status, devices?: object): Promise<void>;
  call(path: string, calling?: Calling): Promise<IncomingMessage>;
  viewer(what?: string, headers?: Record<string, string>, protocols?: string[]): WebSocket;
  close(): Promise<void>;
}

export async function startGatewayRig(): Promise<GatewayRig> {
  const directory = mkdtempSync(join(tmpdir(), "knvirt-gateway-test-"));
  const [executorSocket, gatewaySocket] = [join(directory, "executor.sock"), join(directory, "gateway.sock")];
  const tokens = [{ token, username: "admin", groups: ["system:masters"] }];
  const serviceSockets = { "kubevirt/knvirt-gateway": gatewaySocket };
  const api = await startApiServer({ dataDir: directory, port: 0, tokens, serviceSockets });
  const client = connectClient({ server: api.url, ca: api.ca, token: () => token });
  await defineKinds(client);
  let [executors, gateway]: [Executors?, Server?] = [];
  const viewers: WebSocket[] = [];
  const rig: GatewayRig = {
    ...{ api, client, directory, gatewaySocket, executor: await startScriptedExecutor(executorSocket) },
    startExecutor: async () => {
      rig.executor = await startScriptedExecutor(executorSocket);
    },
    begin: async ({ client: of = client, pingMs = 60_000 } = {}) => {
      rig.executor.stop();
      await rig.startExecutor();
      executors = localExecutor(executorSocket);
      gateway = await listening({ client: of, executors, pingMs }, gatewaySocket);
    },
    end: async () => {
      for (const viewer of viewers.splice(0)) viewer.terminate();
      gateway?.close();
      executors?.close();
      rig.executor.stop();
      if (gateway) await once(gateway, "close");
    },
    connections: () => new Promise((resolve) => gateway?.getConnections((_, count) => resolve(count))),
    instance: (name, status, devices) => anInstance(client, { name, status, devices }),
    call: (path, calling) => call(gatewaySocket, path, calling),
    viewer: (what = "web/console", headers = asAnn, protocols = ["plain.kubevirt.io"]) => {
      const viewer = new WebSocket(`ws+unix:${gatewaySocket}:${pathOf(what)}`, protocols, { headers });
      viewer.on("error", () => undefined); // also when the test ends before the answer comes
      viewers.push(viewer);
      return viewer;
    },
    close: async () => {
      client.close();
      await api.close();
      rmSync(directory, { recursive: true });
    },
  };
  return rig;
}

async function defineKinds(client: Client): Promise<void> {
  for (const definition of customResourceDefinitionsOfKubevirt())
    await client.create(customResourceDefinitions, definition);
  for (const version of versions) await client.create(apiServices, apiService(version));
  await eventually(() => client.list(virtualMachineInstances).catch(() => undefined), { what: "kinds are served" });
}

type Parts = Omit<Parameters<typeof serveGateway>[0], "log" | "callerOf">;

async function listening(parts: Parts, socket: string): Promise<Server> {
  const server = createServer();
  const believed = ({ headersDistinct }: IncomingMessage) => callerOf(headersDistinct, usualHeaders);
  serveGateway({ ...parts, log: pino({ enabled: false }), callerOf: believed }, server);
  rmSync(socket, { force: true });
  await once(server.listen(socket), "listening");
  return server;
}

async function anInstance(client: Client, wanted: { name: string; status: Status; devices?: object | undefined }) {
  const { name, status, devices } = wanted;
  const { domain, ...spec } = aSpec();
  const vmi = aVmi({ name, spec: { ...spec, domain: { ...domain, devices: { ...domain.devices, ...devices } } } });
  const created = await client.create(virtualMachineInstances, vmi);
  await client.replace(virtualMachineInstances, { ...created, status }, "status");
}

async function call(socketPath: string, path: string, { method = "GET", body = "", headers }: Calling = {}) {
  const asked = request({ socketPath, agent: false, method, path, headers: headers ?? asAnn }).end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

/** The metav1.Status that a viewer gets instead of a websocket. */
export async function refusalOf(viewer: WebSocket): Promise<{ code: number; message: string }> {
  const [, answer] = (await once(viewer, "unexpected-response")) as [unknown, IncomingMessage];
  const body = JSON.parse(Buffer.concat(await answer.toArray()).toString());
  if (body.kind === "Status" && body.status === "Failure" && body.code === answer.statusCode) return body;
  throw new Error(`a refusal is no Status of its code ${answer.statusCode}: ${JSON.stringify(body)}`);
}
