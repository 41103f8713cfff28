// The gateway on its socket, between an API server and an executor, as its viewers meet it.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { connectClient } from "@knvirt/kubernetes";
import { WebSocket } from "ws";
import { ensureCertificates } from "../standalone/apiserver/access/certificates.ts";
import { eventually } from "../test/support/eventually.ts";
import { asAnn, type GatewayRig, pathOf, refusalOf, startGatewayRig } from "./testing/gateway-rig.ts";
import type { Guest } from "./testing/scripted-executor.ts";

let rig: GatewayRig;

beforeAll(async () => {
  rig = await startGatewayRig();
  await rig.instance("web", { phase: "Running" }, { autoattachGraphicsDevice: true });
  await rig.instance("waiting", { phase: "Scheduling" });
  await rig.instance("broken", { phase: "Failed" });
  await rig.instance("mute", { phase: "Running" }, { autoattachSerialConsole: false });
});
afterAll(() => rig.close());
beforeEach(() => rig.begin());
afterEach(() => rig.end());

async function joined(what?: string): Promise<{ socket: WebSocket; guest: Guest; received: Buffer[] }> {
  const socket = rig.viewer(what);
  const received: Buffer[] = [];
  socket.on("message", (bytes: Buffer) => received.push(bytes));
  await once(socket, "open");
  const guest = rig.executor.guests.at(-1);
  if (!guest) throw new Error("the executor saw no viewer");
  return { socket, guest, received };
}

async function closeOf(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return { code, reason: reason.toString() };
}

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const length = (chunks: Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
const fiveMegabytes = 5_000_000;

describe("a viewer that is let through", () => {
  it("gets what it asked for", async () => {
    const { socket, guest } = await joined("web/vnc?preserveSession=true");
    expect(socket.protocol).toBe("plain.kubevirt.io");
    expect(guest.open).toEqual({ namespace: "default", name: "web", endpoint: 2, preserveSession: true });
  });

  it("exchanges 5 MB each way at once, intact and in order", async () => {
    const { socket, guest, received } = await joined();
    const [typed, shown] = [randomBytes(fiveMegabytes), randomBytes(fiveMegabytes)];
    for (let at = 0; at < typed.length; at += 9_973) socket.send(typed.subarray(at, at + 9_973));
    for (let at = 0; at < shown.length; at += 31_337) await guest.send(shown.subarray(at, at + 31_337));
    await eventually(() => length(received) >= shown.length, { what: "the viewer has all" });
    await eventually(() => guest.received.length >= typed.length, { what: "the guest has all" });
    expect(digest(Buffer.concat(received))).toBe(digest(shown));
    expect(digest(guest.received)).toBe(digest(typed));
  });

  it("may send more in one message than gRPC takes", async () => {
    const { socket, guest } = await joined();
    const typed = randomBytes(fiveMegabytes);
    socket.send(typed);
    await eventually(() => guest.received.length >= typed.length, { what: "the guest has all" });
    expect(digest(guest.received)).toBe(digest(typed));
  });

  it("may send text, and offer no protocol that we know", async () => {
    const socket = rig.viewer("web/console", asAnn, []);
    await once(socket, "open");
    socket.send("è\n");
    await eventually(() => rig.executor.guests[0]?.received.toString() === "è\n", { what: "the guest has it" });
  });

  it("holds back a guest that says more than it reads, and no other guest", async () => {
    const { socket, guest, received } = await joined();
    socket.pause();
    let taken = 0;
    const all = (async () => {
      for (; taken < 40; taken += 1) await guest.send(Buffer.alloc(1_000_000));
    })();
    const other = await joined();
    for (let sent = 0; sent < 40; sent += 1) await other.guest.send(Buffer.alloc(1_000_000));
    await eventually(() => length(other.received) === 40_000_000, { what: "the other has all" });
    expect(taken).toBeLessThan(20);
    socket.resume();
    await all;
    await eventually(() => length(received) === 40_000_000, { what: "the viewer has all" });
  });

  it("is pinged while nothing happens", async () => {
    await rig.end();
    await rig.begin({ pingMs: 20 });
    const { socket } = await joined();
    for (let pings = 0; pings < 3; pings += 1) await once(socket, "ping");
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("the end", () => {
  it("of the guest closes the viewer in order, after all that it said", async () => {
    const { socket, guest, received } = await joined();
    void guest.send(Buffer.from("reboot: Power down"));
    guest.end();
    expect(await closeOf(socket)).toMatchObject({ code: 1000 });
    expect(Buffer.concat(received).toString()).toBe("reboot: Power down");
  });

  it("of the executor closes the viewer with 1011", async () => {
    const { socket } = await joined();
    rig.executor.stop();
    expect(await closeOf(socket)).toMatchObject({ code: 1011, reason: expect.stringMatching(/./) });
  });

  it("by another viewer is told as that", async () => {
    const { socket, guest } = await joined();
    guest.fail({ code: status.ABORTED, details: "default/web was taken over by another client" });
    expect(await closeOf(socket)).toEqual({ code: 4409, reason: "default/web was taken over by another client" });
  });

  it("of a viewer that vanishes cancels the guest's stream", async () => {
    const { socket, guest } = await joined();
    socket.terminate();
    await eventually(() => guest.left === "cancelled", { what: "the stream is cancelled" });
  });

  it("of a viewer that leaves in order comes after all that it typed", async () => {
    const { socket, guest } = await joined();
    const typed = randomBytes(1_000_000);
    socket.send(typed);
    socket.close(1000);
    await eventually(() => guest.left === "ended", { what: "the stream has ended" });
    expect(digest(guest.received)).toBe(digest(typed));
  });

  it("of a viewer that breaks the protocol harms nobody else", async () => {
    const { socket, guest } = await joined();
    const other = await joined();
    (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff]));
    expect(await closeOf(socket)).toMatchObject({ code: 1002 });
    await eventually(() => guest.left, { what: "its stream is gone" });
    await other.guest.send(Buffer.from("still here"));
    await eventually(() => Buffer.concat(other.received).toString() === "still here", { what: "the other goes on" });
  });
});

describe("a viewer is refused", () => {
  test.each([
    { when: "the instance is not running yet", what: "waiting/console", code: 400, says: "is Scheduling" },
    { when: "nobody is named", what: "web/console", headers: {}, code: 401, says: "names no user" },
    { when: "there is no such instance", what: "none/console", code: 404, says: '"none" not found' },
    { when: "the instance has failed", what: "broken/console", code: 409, says: "is Failed" },
    { when: "the instance has no console", what: "mute/console", code: 409, says: "has no serial console" },
    { when: "we have no such subresource", what: "web/usbredir", code: 501, says: "not supported yet" },
  ])("with $code when $when", async ({ what, headers, code, says }) => {
    const refusal = await refusalOf(rig.viewer(what, headers));
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(rig.executor.guests).toEqual([]);
  });

  test.each([
    { grpc: status.NOT_FOUND, code: 404 },
    { grpc: status.FAILED_PRECONDITION, code: 409 },
    { grpc: status.UNAVAILABLE, code: 503 },
    { grpc: status.INTERNAL, code: 500 },
  ])("with $code when the executor says $grpc", async ({ grpc, code }) => {
    rig.executor.refusal = { code: grpc, details: "default/web does not answer" };
    expect(await refusalOf(rig.viewer())).toMatchObject({ code, message: "default/web does not answer" });
  });

  it("with 503 while the executor is away, and not once it is back", async () => {
    rig.executor.stop();
    const message = expect.stringContaining("default/web cannot be reached: the executor of its node is away");
    expect(await refusalOf(rig.viewer())).toMatchObject({ code: 503, message });
    await rig.startExecutor();
    await eventually(() => joined().catch(() => undefined), { what: "the executor is found again" });
  });

  it("with 401 when the API server does not allow it", async () => {
    const { key, cert, ca } = ensureCertificates(join(rig.directory, "pki"));
    const review = { status: { allowed: false, reason: "no role binding" } };
    const denying = createTlsServer({ key, cert }, (_request, response) => response.end(JSON.stringify(review)));
    await once(denying.listen(0, "127.0.0.1"), "listening");
    const { port } = denying.address() as AddressInfo;
    const denied = connectClient({ server: `https://127.0.0.1:${port}`, ca });
    await rig.end();
    await rig.begin({ client: denied });
    expect(await refusalOf(rig.viewer())).toMatchObject({
      code: 401,
      message: "user ann may not get virtualmachineinstances/console default/web: no role binding",
    });
    denied.close();
    denying.close();
  });

  test.each([
    { when: "it wants another protocol", upgrade: "SPDY/3.1", code: 400, guests: 0 },
    { when: "its handshake is none", upgrade: "websocket", code: 400, guests: 1 },
  ])("with $code when $when", async ({ upgrade, code, guests }) => {
    const headers = { ...asAnn, connection: "upgrade", upgrade };
    const answer = await rig.call(pathOf("web/console"), { headers });
    expect(answer.resume().statusCode).toBe(code);
    expect(rig.executor.guests.length).toBe(guests);
    await eventually(() => rig.executor.guests.every(({ left }) => left), { what: "no stream is left" });
  });
});

it("a viewer that is refused and stays is cut off", async () => {
  const stays = connect({ path: rig.gatewaySocket, allowHalfOpen: true });
  stays.write(
    `GET ${pathOf("none/console")} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
  );
  await once(stays.resume(), "end");
  await eventually(async () => (await rig.connections()) === 0, { what: "the gateway holds nothing of it" });
  stays.destroy();
});

describe("a plain call", () => {
  test.each([
    { path: "/apis/subresources.kubevirt.io/v1?timeout=32s", code: 200, body: { kind: "APIResourceList" } },
    { path: "/openapi/v2", code: 200, body: { swagger: "2.0" } },
    { path: "/apis/subresources.kubevirt.io/v1/version", code: 200, body: { compiler: "node" } },
    { path: pathOf("web/console"), code: 426, body: { reason: "UpgradeRequired" } },
    { path: pathOf("web/usbredir"), code: 501, body: { reason: "NotImplemented" } },
    { path: pathOf("web/pause"), code: 405, body: { reason: "MethodNotAllowed" } },
    { path: pathOf("none/vnc/screenshot"), code: 404, body: { reason: "NotFound" } },
    { path: pathOf("waiting/vnc/screenshot"), code: 409, body: { reason: "Conflict" } },
    { path: pathOf("web/userlist"), code: 409, body: { reason: "Conflict" } },
    { path: "/apis/subresources.kubevirt.io/v1/healthz", code: 200, body: { apiserver: { connectivity: "ok" } } },
    { path: "//", code: 400, body: { reason: "BadRequest" } },
    { path: "/elsewhere", code: 404, body: { reason: "NotFound" } },
    { path: "/apis", headers: {}, code: 401, body: { reason: "Unauthorized" } },
  ])("to $path is answered with $code", async ({ path, headers = asAnn, code, body }) => {
    const answer = await rig.call(path, { headers });
    expect(answer.statusCode).toBe(code);
    expect(JSON.parse(Buffer.concat(await answer.toArray()).toString())).toMatchObject(body);
  });
});
