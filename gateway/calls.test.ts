// Calls of subresources that are answered: verbs, pictures, documents, between an API server and an executor.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import {
  customResourceDefinitionsOfKubevirt,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { type Client, connectClient, customResourceDefinitions } from "@knvirt/kubernetes";
import pino from "pino";
import { type ApiServer, startApiServer } from "../standalone/apiserver/index.ts";
import { aSpec, aVm, aVmi } from "../test/support/builders.ts";
import { eventually } from "../test/support/eventually.ts";
import { type Executors, localExecutor } from "./executors.ts";
import { callerOf, usualHeaders } from "./front-proxy.ts";
import { serveGateway } from "./server.ts";
import { type ScriptedExecutor, startScriptedExecutor } from "./testing/scripted-executor.ts";

const directory = mkdtempSync(join(tmpdir(), "knvirt-calls-test-"));
const [executorSocket, gatewaySocket] = [join(directory, "executor.sock"), join(directory, "gateway.sock")];
const token = "secret-of-admin";
const asAnn = { "x-remote-user": "ann", "x-remote-group": "people" };

let api: ApiServer;
let client: Client;
let executors: Executors;
let executor: ScriptedExecutor;
let gateway: Server;

beforeAll(async () => {
  const tokens = [{ token, username: "admin", groups: ["system:masters"] }];
  api = await startApiServer({ dataDir: directory, port: 0, tokens });
  client = connectClient({ server: api.url, ca: api.ca, token: () => token });
  for (const definition of customResourceDefinitionsOfKubevirt())
    await client.create(customResourceDefinitions, definition);
  await eventually(() => client.list(virtualMachineInstances).catch(() => undefined), { what: "kinds are served" });
  const { domain, ...spec } = aSpec();
  const shown = { ...spec, domain: { ...domain, devices: { ...domain.devices, autoattachGraphicsDevice: true } } };
  for (const name of ["web", "waiting"]) await client.create(virtualMachineInstances, aVmi({ name, spec: shown }));
  await setPaused("web", "no");
});
afterAll(async () => {
  client.close();
  await api.close();
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  executor = await startScriptedExecutor(executorSocket);
  executors = localExecutor(executorSocket);
  gateway = createServer();
  const believed = ({ headersDistinct }: IncomingMessage) => callerOf(headersDistinct, usualHeaders);
  serveGateway({ client, executors, log: pino({ enabled: false }), callerOf: believed }, gateway);
  await once(gateway.listen(gatewaySocket), "listening");
});
afterEach(async () => {
  gateway.close();
  executors.close();
  executor.stop();
  await once(gateway, "close");
});

const pathOf = (what: string): string =>
  `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/${what}`;

async function get(path: string): Promise<IncomingMessage> {
  const asked = request({ socketPath: gatewaySocket, agent: false, path, headers: asAnn }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

const vmPath = pathOf("web").replace("instances", "s");

async function put(path: string, body = ""): Promise<{ code: number; text: string }> {
  const asked = request({ socketPath: gatewaySocket, agent: false, method: "PUT", path, headers: asAnn }).end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { code: answer.statusCode ?? 0, text: Buffer.concat(await answer.toArray()).toString() };
}

describe("a verb", () => {
  test.each([
    { verb: "pause", asks: "pause" },
    { verb: "reset", asks: "reset" },
    { verb: "softreboot", asks: "softReboot" },
  ])("$verb is asked of the guest, and answered when it is done", async ({ verb, asks }) => {
    await setPaused("web", verb === "pause" ? "soon" : "no");
    expect(await put(pathOf(`web/${verb}`))).toEqual({ code: 200, text: "" });
    expect(executor.calls).toEqual([{ namespace: "default", name: "web", verb: { $case: asks, value: {} } }]);
  });

  it("is only tried where the body says so", async () => {
    await setPaused("web", "no");
    expect(await put(pathOf("web/pause"), '{"dryRun":["All"]}')).toEqual({ code: 200, text: "" });
    expect(executor.calls).toEqual([]);
  });

  test.each([
    { path: pathOf("web/unpause"), body: "", code: 409, says: "VMI is not paused" },
    { path: pathOf("waiting/pause"), body: "", code: 409, says: "VMI is not running" },
    { path: pathOf("none/pause"), body: "", code: 404, says: "not found" },
    { path: pathOf("web/pause"), body: "[]", code: 400, says: "body is no object" },
    { path: pathOf("web/pause"), body: "{", code: 400, says: "body is neither JSON nor YAML" },
    { path: pathOf("web/pause"), body: "dryRun: [Some]", code: 400, says: 'dryRun is invalid: ["Some"]' },
    { path: pathOf("web/freeze"), body: "", code: 400, says: "unfreezeTimeout is invalid: none" },
    {
      path: pathOf("web/freeze"),
      body: '{"unfreezeTimeout":"5m0s"}',
      code: 409,
      says: "does not have guest agent connected",
    },
    { path: `${vmPath}/migrate`, body: "", code: 501, says: "live migration is not supported yet" },
  ])("$path with body '$body' is refused with $code", async ({ path, body, code, says }) => {
    await setPaused("web", "no");
    const { code: found, text } = await put(path, body);
    expect({ code: found, ...JSON.parse(text) }).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(executor.calls).toEqual([]);
  });

  test.each([
    { grpc: status.UNIMPLEMENTED, code: 501 },
    { grpc: status.FAILED_PRECONDITION, code: 409 },
    { grpc: status.UNAVAILABLE, code: 503 },
    { grpc: status.INTERNAL, code: 500 },
  ])("is refused with $code when the executor says $grpc", async ({ grpc, code }) => {
    executor.refusal = { code: grpc, details: "reset is not done" };
    const { text } = await put(pathOf("web/reset"));
    expect(JSON.parse(text)).toMatchObject({ kind: "Status", code, message: "reset is not done" });
  });
});

it("a VM is expanded to what would run: itself", async () => {
  const created = await client.create(virtualMachines, aVm({ name: "stored", runStrategy: "Halted" }));
  const answer = await get(`${vmPath.replace(/web$/, "stored")}/expand-spec`);
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(Buffer.concat(await answer.toArray()).toString())).toMatchObject({
    kind: "VirtualMachine",
    spec: created.spec,
  });
});

/** Soon: as when the guest's node tells of it a moment after the call. */
async function setPaused(name: string, paused: "soon" | "no"): Promise<void> {
  const vmi = await client.find(virtualMachineInstances, { namespace: "default", name });
  if (!vmi) throw new Error(`there is no instance ${name}`);
  const conditions = paused === "soon" ? [{ type: "Paused", status: "True" as const }] : [];
  const write = (of: VirtualMachineInstance) =>
    client.replace(virtualMachineInstances, { ...of, status: { phase: "Running", conditions } }, "status");
  if (paused === "no") await write(vmi);
  else setTimeout(() => void write(vmi), 200);
}

describe("a picture", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

  it("is answered as it is", async () => {
    executor.reply = { json: "", png };
    const answer = await get(pathOf("web/vnc/screenshot"));
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "image/png"]);
    expect(Buffer.concat(await answer.toArray())).toEqual(png);
  });

  it("that is none is not passed on", async () => {
    executor.reply = { json: "", png: Buffer.from("<script>") };
    const answer = await get(pathOf("web/vnc/screenshot"));
    expect(answer.statusCode).toBe(500);
    answer.resume();
  });
});
