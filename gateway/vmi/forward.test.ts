// Ports of a guest, forwarded by the gateway on its socket.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { eventually } from "../../test/support/eventually.ts";
import { type GatewayRig, refusalOf, startGatewayRig } from "../testing/gateway-rig.ts";

let rig: GatewayRig;
let guest: Server;
let port: number;

beforeAll(async () => {
  rig = await startGatewayRig();
  const interfaces = [{ name: "default", ipAddress: "127.0.0.1" }];
  await rig.instance("web", { phase: "Running", interfaces });
});
afterAll(() => rig.close());
beforeEach(async () => {
  guest = createServer((socket) => void socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(guest, "listening");
  ({ port } = guest.address() as AddressInfo);
  await rig.begin();
});
afterEach(async () => {
  guest.close();
  await rig.end();
});

const connections = () => new Promise<number>((resolve) => guest.getConnections((_, count) => resolve(count)));

it("carries 5 MB to and fro, and its end", async () => {
  const socket = rig.viewer(`web/portforward/${port}/tcp`);
  const received: Buffer[] = [];
  socket.on("message", (bytes: Buffer) => received.push(bytes));
  await once(socket, "open");
  expect(socket.protocol).toBe("plain.kubevirt.io");
  const sent = randomBytes(5_000_000);
  for (let at = 0; at < sent.length; at += 99_991) socket.send(sent.subarray(at, at + 99_991));
  const length = (): number => received.reduce((sum, bytes) => sum + bytes.length, 0);
  await eventually(() => length() >= sent.length, { what: "all came back", seconds: 20 });
  expect(Buffer.concat(received).equals(sent)).toBe(true);
  expect(await connections()).toBe(1);
  socket.close();
  await eventually(async () => (await connections()) === 0, { what: "the guest's connection is closed" });
});

it("that nobody listens on is refused with 503", async () => {
  guest.close();
  await once(guest, "close");
  expect(await refusalOf(rig.viewer(`web/portforward/${port}`))).toMatchObject({
    code: 503,
    message: expect.stringMatching(/default\/web cannot be reached on port \d+: .*ECONNREFUSED/),
  });
});
