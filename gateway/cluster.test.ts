// The gateway behind an API server over TLS, as its front proxy, its probes, and those who are neither meet it.
import { once } from "node:events";
import { Agent } from "node:https";
import {
  customResourceDefinitionsOfKubevirt,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from "@knvirt/api";
import type { KeyPair } from "@knvirt/certificates";
import { customResourceDefinitions } from "@knvirt/kubernetes";
import pino from "pino";
import { WebSocket } from "ws";
import { startApiServer } from "../standalone/apiserver/index.ts";
import { aSpec, aVmi } from "../test/support/builders.ts";
import { eventually } from "../test/support/eventually.ts";
import { type ClusterGateway, serveCluster } from "./cluster.ts";
import { type Executors, localExecutor } from "./executors.ts";
import { parseOptions } from "./options.ts";
import {
  type AggregatedCluster,
  type Answer,
  callGateway,
  certificateFor,
  gatewayHost,
  startAggregatedCluster,
  token,
} from "./testing/aggregated-cluster.ts";
import { type ScriptedExecutor, startScriptedExecutor } from "./testing/scripted-executor.ts";

const discovery = "/apis/subresources.kubevirt.io/v1";
const console = `${discovery}/namespaces/default/virtualmachineinstances/web/console`;
const asAnn = { "x-remote-user": "ann", "x-remote-group": "people" };
const executorSocket = `/tmp/knvirt-cluster-test-${process.pid}.sock`;
const log = pino({ enabled: false });

let cluster: AggregatedCluster;
let executor: ScriptedExecutor;
let executors: Executors;
let gateway: ClusterGateway;
let ca: string;

beforeAll(async () => {
  cluster = await startAggregatedCluster(startApiServer);
  const { client } = cluster;
  for (const definition of customResourceDefinitionsOfKubevirt())
    await client.create(customResourceDefinitions, definition);
  await eventually(() => client.list(virtualMachineInstances).catch(() => undefined), { what: "kinds are served" });
  const created = await client.create(virtualMachineInstances, aVmi({ name: "web", spec: aSpec() }));
  const status: VirtualMachineInstance["status"] = { phase: "Running", nodeName: "one" };
  await client.replace(virtualMachineInstances, { ...created, status }, "status");
});
afterAll(async () => cluster.close());

beforeEach(async () => {
  executor = await startScriptedExecutor(executorSocket);
  executors = localExecutor(executorSocket);
  gateway = await startGateway(55);
  ca = await cluster.caBundle();
});
afterEach(() => {
  gateway.close();
  executors.close();
  executor.stop();
});

async function startGateway(graceSeconds: number): Promise<ClusterGateway> {
  const options = parseOptions({ args: [], env: { LISTEN: "8443" } });
  if (options.host !== "cluster") throw new Error("a port is of a cluster");
  const { client } = cluster;
  return serveCluster({ client, executors, options: { ...options, port: 0, graceSeconds }, leaveMs: 0, log });
}

const call = (path: string, as?: KeyPair, headers: Record<string, string> = asAnn): Promise<Answer> =>
  callGateway({ port: gateway.port, path, ca, as, headers });

function viewer(as: KeyPair = cluster.frontProxy): WebSocket {
  const url = `wss://127.0.0.1:${gateway.port}${console}`;
  const tls = { servername: gatewayHost, ca, cert: as.certificate, key: as.key };
  return new WebSocket(url, ["plain.kubevirt.io"], { headers: asAnn, ...tls });
}

describe("a call", () => {
  it("of the front proxy is answered", async () => {
    const { code, text } = await call(discovery, cluster.frontProxy);
    expect([code, JSON.parse(text).kind]).toEqual([200, "APIResourceList"]);
  });

  it("of the front proxy that names nobody is not", async () => {
    expect(await call(discovery, cluster.frontProxy, {})).toMatchObject({ code: 401 });
  });

  test.each([
    { when: "there is no certificate, and headers are forged", as: () => undefined },
    { when: "another authority signed", as: () => certificateFor({ issuer: certificateFor({ isAuthority: true }) }) },
    { when: "it signed itself", as: () => certificateFor({}) },
    { when: "it is another client's", as: () => certificateFor({ commonName: "ann", issuer: cluster.authority }) },
    {
      when: "it is a server's",
      as: () => certificateFor({ names: ["front-proxy"], issuer: cluster.authority }),
    },
    {
      when: "it has expired",
      as: () => certificateFor({ issuer: cluster.authority, notAfter: new Date(Date.now() - 2_000) }),
    },
  ])("is refused with 401 when $when", async ({ as }) => {
    const { code, text } = await call(discovery, as());
    expect(code).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ kind: "Status", reason: "Unauthorized" });
    const refused = await call(console, as(), { ...asAnn, connection: "upgrade", upgrade: "websocket" });
    expect(refused.code).toBe(401);
    expect(executor.guests).toEqual([]);
  });

  it("that the front proxy makes over a connection from before is refused once its authority is another", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = gateway;
    const old = () => callGateway({ port, path: discovery, ca, as: cluster.frontProxy, headers: asAnn, agent });
    expect((await old()).code).toBe(200);
    const authority = certificateFor({ commonName: "front proxy CA", isAuthority: true });
    const successor = certificateFor({ issuer: authority });
    try {
      await cluster.believe(authority);
      await eventually(async () => (await call(discovery, successor)).code === 200, {
        what: "the new one is believed",
      });
      expect((await old()).code).toBe(401);
    } finally {
      await cluster.believe(cluster.authority);
      agent.destroy();
    }
  });
});

describe("without a certificate", () => {
  test.each([
    { path: "/healthz", code: 200 },
    { path: "/readyz", code: 200 },
    { path: "/metrics", code: 401 },
    { path: "/metrics", headers: { authorization: "Bearer unknown" }, code: 401 },
    { path: "/metrics", headers: { authorization: `Bearer ${token}` }, code: 200 },
    { path: discovery, headers: { authorization: `Bearer ${token}` }, code: 401 },
  ])("$path with $headers is answered with $code", async ({ path, headers = {}, code }) => {
    expect((await call(path, undefined, headers)).code).toBe(code);
  });
});

describe("a gateway that is told to end", () => {
  it("is not ready, and lets consoles go on until they are left", async () => {
    const socket = viewer();
    await once(socket, "open");
    const scrape = await call("/metrics", undefined, { authorization: `Bearer ${token}` });
    expect(scrape.text).toContain('kubevirt_console_active_connections{namespace="default",vmi="web"} 1\n');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = gateway;
    const readyz = async () => (await callGateway({ port, path: "/readyz", ca, agent })).code;
    expect(await readyz()).toBe(200);
    const drained = gateway.drain();
    const shown = once(socket, "message");
    await executor.guests[0]?.send(Buffer.from("still here"));
    expect(String((await shown)[0])).toBe("still here");
    await eventually(() => readyz().then(...isRefused), { what: "nobody is let in" });
    socket.close();
    await drained;
    agent.destroy();
  });

  it("sends away who stays longer than its grace, with a code that says to come again", async () => {
    gateway.close();
    gateway = await startGateway(0);
    const socket = viewer();
    await once(socket, "open");
    const drained = gateway.drain();
    expect((await once(socket, "close"))[0]).toBe(1012);
    await drained;
  });
});

const isRefused = [(code: number) => code === 503, () => true] as const;
