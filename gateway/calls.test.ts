// Calls of subresources that are answered: verbs, pictures, documents, between an API server and an executor.
import { once } from "node:events";
import { connect } from "node:net";
import { status } from "@grpc/grpc-js";
import { type VirtualMachineInstance, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { aVm } from "../test/support/builders.ts";
import { type GatewayRig, pathOf, startGatewayRig } from "./testing/gateway-rig.ts";

let rig: GatewayRig;

beforeAll(async () => {
  rig = await startGatewayRig();
  await rig.instance("web", { phase: "Running" }, { autoattachGraphicsDevice: true });
  await rig.instance("waiting", { phase: "Scheduling" });
});
afterAll(() => rig.close());
beforeEach(() => rig.begin());
afterEach(() => rig.end());

const vmPath = pathOf("web", "virtualmachines");

async function put(path: string, body = ""): Promise<{ code: number; text: string }> {
  const answer = await rig.call(path, { method: "PUT", body });
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
    expect(rig.executor.calls).toEqual([{ namespace: "default", name: "web", verb: { $case: asks, value: {} } }]);
  });

  it("is only tried where the body says so", async () => {
    await setPaused("web", "no");
    expect(await put(pathOf("web/pause"), '{"dryRun":["All"]}')).toEqual({ code: 200, text: "" });
    expect(rig.executor.calls).toEqual([]);
  });

  test.each([
    { path: pathOf("web/unpause"), body: "", code: 409, says: "VMI is not paused" },
    { path: pathOf("waiting/pause"), body: "", code: 409, says: "VMI is not running" },
    { path: pathOf("none/pause"), body: "", code: 404, says: "not found" },
    { path: pathOf("web/pause"), body: "[]", code: 400, says: "body is no object" },
    { path: pathOf("web/pause"), body: "{", code: 400, says: "body is no JSON" },
    { path: pathOf("web/pause"), body: "dryRun: [All]", code: 400, says: "body is no JSON" },
    { path: pathOf("web/pause"), body: '{"dryRun":["Some"]}', code: 400, says: 'dryRun is invalid: ["Some"]' },
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
    expect(rig.executor.calls).toEqual([]);
  });

  it("with a body that is too large is refused, and the caller told", async () => {
    const { code, text } = await put(pathOf("web/pause"), " ".repeat(8 * 1024 * 1024));
    expect({ code, ...JSON.parse(text) }).toMatchObject({ code: 413, reason: "RequestEntityTooLarge" });
    expect(rig.executor.calls).toEqual([]);
  });

  it("whose body is cut off is not done", async () => {
    const cut = connect(rig.gatewaySocket);
    const head = [`PUT ${pathOf("web/reset")} HTTP/1.1`, "host: x", "x-remote-user: ann", "content-length: 100"];
    cut.resume().end([...head, "", "{}"].join("\r\n"));
    await once(cut, "close");
    (await rig.call("/apis")).resume();
    expect(rig.executor.calls).toEqual([]);
  });

  test.each([
    { grpc: status.UNIMPLEMENTED, code: 501 },
    { grpc: status.FAILED_PRECONDITION, code: 409 },
    { grpc: status.UNAVAILABLE, code: 503 },
    { grpc: status.INTERNAL, code: 500 },
  ])("is refused with $code when the executor says $grpc", async ({ grpc, code }) => {
    rig.executor.refusal = { code: grpc, details: "reset is not done" };
    const { text } = await put(pathOf("web/reset"));
    expect(JSON.parse(text)).toMatchObject({ kind: "Status", code, message: "reset is not done" });
  });
});

it("a VM is expanded to what would run: itself", async () => {
  const created = await rig.client.create(virtualMachines, aVm({ name: "stored", runStrategy: "Halted" }));
  const answer = await rig.call(`${vmPath.replace(/web$/, "stored")}/expand-spec`);
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(Buffer.concat(await answer.toArray()).toString())).toMatchObject({
    kind: "VirtualMachine",
    spec: created.spec,
  });
});

/** Soon: as when the guest's node tells of it a moment after the call. */
async function setPaused(name: string, paused: "soon" | "no"): Promise<void> {
  const vmi = await rig.client.find(virtualMachineInstances, { namespace: "default", name });
  if (!vmi) throw new Error(`there is no instance ${name}`);
  const conditions = paused === "soon" ? [{ type: "Paused", status: "True" as const }] : [];
  const write = (of: VirtualMachineInstance) =>
    rig.client.replace(virtualMachineInstances, { ...of, status: { phase: "Running", conditions } }, "status");
  if (paused === "no") await write(vmi);
  else setTimeout(() => void write(vmi), 200);
}

describe("a picture", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

  it("is answered as it is", async () => {
    rig.executor.reply = { json: "", png };
    const answer = await rig.call(pathOf("web/vnc/screenshot"));
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "image/png"]);
    expect(Buffer.concat(await answer.toArray())).toEqual(png);
  });

  it("that is none is not passed on", async () => {
    rig.executor.reply = { json: "", png: Buffer.from("<script>") };
    const answer = await rig.call(pathOf("web/vnc/screenshot"));
    expect(answer.statusCode).toBe(500);
    answer.resume();
  });
});
