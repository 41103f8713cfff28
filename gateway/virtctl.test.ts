// What virtctl sends, sent to the gateway by way of the API server, and what it is answered.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { WebSocket } from "ws";
import { aVm } from "../test/support/builders.ts";
import { eventually } from "../test/support/eventually.ts";
import { type GatewayRig, startGatewayRig, token } from "./testing/gateway-rig.ts";
import { guestPort, type VirtctlCall, virtctlCalls } from "./testing/virtctl-calls.ts";

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const told = { os: { id: "debian" }, userList: [{ userName: "ann" }], fsInfo: { disks: [{ mountPoint: "/" }] } };
const headers = { authorization: `Bearer ${token}` };
const namespace = "default";
const vms = [
  ["web", "Always"],
  ["off", "Halted"],
] as const;

let rig: GatewayRig;
let guest: Server;

beforeAll(async () => {
  rig = await startGatewayRig();
  await rig.instance("web", { phase: "Running" }, { autoattachGraphicsDevice: true });
  guest = createServer((socket) => void socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(guest, "listening");
});
afterAll(async () => {
  guest.close();
  await rig.close();
});
beforeEach(async () => {
  await rig.begin();
  rig.executor.reply = { json: JSON.stringify(told), png };
  for (const [name, runStrategy] of vms) {
    const created = await rig.client.create(virtualMachines, aVm({ name, runStrategy }));
    await rig.client.replace(virtualMachines, { ...created, status: { created: name === "web" } }, "status");
  }
  await tellOf("AgentConnected");
});
afterEach(async () => {
  for (const [name] of vms) await rig.client.delete(virtualMachines, { namespace, name });
  await rig.end();
});

/** As its node does. */
async function tellOf(...types: string[]): Promise<void> {
  const vmi = await rig.client.find(virtualMachineInstances, { namespace, name: "web" });
  if (!vmi) throw new Error("there is no instance web");
  const conditions = types.map((type) => ({ type, status: "True" as const }));
  const interfaces = [{ name: "default", ipAddress: "127.0.0.1" }];
  await rig.client.replace(
    virtualMachineInstances,
    { ...vmi, status: { phase: "Running", conditions, interfaces } },
    "status",
  );
}

async function pausedOnceAsked(): Promise<void> {
  await eventually(() => rig.executor.calls[0], { what: "the guest is asked" });
  await tellOf("Paused");
}

const urlOf = (path: string): string => {
  const { port } = guest.address() as AddressInfo;
  return `${rig.api.url}/apis/subresources.kubevirt.io/v1/${path.replace(guestPort, String(port))}`;
};

async function send({ method, path, body }: VirtctlCall): Promise<{ code: number; text: string }> {
  const text = body ? JSON.stringify(body) : "";
  const length = { "content-length": Buffer.byteLength(text) }; // which node leaves out of a GET, and virtctl does not
  const asked = request(urlOf(path), { method, headers: { ...headers, ...length }, ca: rig.api.ca, agent: false });
  asked.end(text);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { code: answer.statusCode ?? 0, text: Buffer.concat(await answer.toArray()).toString() };
}

const plainCalls = virtctlCalls.filter(({ isStream }) => !isStream);
test.each(plainCalls)("virtctl $command is answered with $code", async (call) => {
  const [{ code, text }] = await Promise.all([send(call), call.command === "pause vm web" && pausedOnceAsked()]);
  expect({ code, text }).toEqual({ code: call.code, text: expect.stringContaining(call.says ?? "") });
  if (code < 300 && !call.says) expect(text).toBe("");
  if (code >= 300) expect(JSON.parse(text)).toMatchObject({ kind: "Status", status: "Failure", code });
});

const streams = virtctlCalls.filter(({ isStream }) => isStream);
test.each(streams)("virtctl $command is answered with $code", async ({ path, code, says = "" }) => {
  const socket = new WebSocket(urlOf(path).replace("https", "wss"), ["plain.kubevirt.io"], {
    headers,
    ca: rig.api.ca,
  });
  const refused = once(socket, "unexpected-response") as Promise<[unknown, IncomingMessage]>;
  const [, answer] = await Promise.race([refused, once(socket, "open") as Promise<[]>]);
  expect(answer?.statusCode ?? 101).toBe(code);
  if (answer) return expect(Buffer.concat(await answer.toArray()).toString()).toContain(says);
  refused.catch(() => undefined);
  expect(socket.protocol).toBe("plain.kubevirt.io");
  const heard = once(socket, "message");
  socket.send("typed");
  await eventually(
    () => path.includes("portforward") || rig.executor.guests[0]?.received.equals(Buffer.from("typed")),
    {
      what: "the guest has what was typed",
    },
  );
  await rig.executor.guests[0]?.send(Buffer.from("typed"));
  expect(await heard).toEqual([Buffer.from("typed"), true]);
  socket.close(1000);
  await once(socket, "close");
});
