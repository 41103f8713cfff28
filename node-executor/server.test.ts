// The gateway's side over gRPC, the guest's side over the sockets of a launcher pod.
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { type ClientDuplexStream, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, it, test } from "@jest/globals";
import type { Key } from "@knvirt/kubernetes";
import { type ConnectReply, type ConnectRequest, Endpoint, ExecutorClient, type Open } from "@knvirt/proto";
import { pino } from "pino";
import { eventually } from "../test/support/eventually.ts";
import { endpointsOf } from "./endpoints.ts";
import { type ExecutorListener, listenOnSocket } from "./listen.ts";
import { overlap } from "./replay.ts";
import { executorService } from "./server.ts";
import { type Session, sessions } from "./sessions.ts";
import { aPod } from "./testing/objects.ts";
import { type PodsDir, podsDir } from "./testing/scripted-launcher.ts";
import { verbsOf } from "./verbs.ts";

type Call = ClientDuplexStream<ConnectRequest, ConnectReply>;
const podUid = "pod-uid";
const console: Open = {
  namespace: "default",
  name: "web",
  endpoint: Endpoint.ENDPOINT_SERIAL_CONSOLE,
  preserveSession: false,
};
const display: Open = { ...console, endpoint: Endpoint.ENDPOINT_VNC };

let pods: PodsDir;
let executor: ExecutorListener;
let client: ExecutorClient;
let guest: Server;
let attached: Socket[];

beforeEach(async () => {
  pods = podsDir();
  const open = sessions();
  const session = { pod: aPod(), podUid, vmi: { namespace: "default", name: "web" } };
  open.open("default/virt-launcher-web", session as Session);
  const path = join(pods.path, "executor.sock");
  const known = { sessions: open, isExpected: ({ name }: Key) => name === "coming" };
  const endpoints = endpointsOf({ podsDir: pods.path, ...known });
  const offered = { endpoints, verbs: verbsOf(known), log: pino({ enabled: false }) };
  executor = await listenOnSocket(path, executorService(offered));
  client = new ExecutorClient(`unix:${path}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  attached = [];
  guest = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on("error", () => undefined);
    attached.push(socket);
  });
});
afterEach(async () => {
  client.close();
  executor.close();
  for (const socket of attached) socket.destroy();
  await new Promise((resolve) => guest.close(resolve));
  pods.remove();
});

const serveGuest = (socket: string): Promise<void> =>
  new Promise((resolve) => guest.listen(pods.socketOf(podUid, socket), resolve));

/** The refusal, or `undefined` once the guest's end is open. */
function opened(wish: Open): { call: Call; head: Promise<ServiceError | undefined> } {
  const call = client.connect();
  const head = new Promise<ServiceError | undefined>((resolve) => {
    call.on("error", resolve);
    call.once("metadata", () => resolve(undefined));
  });
  call.write({ message: { $case: "open", value: wish } });
  return { call, head };
}

const send = (call: Call, text: string): boolean =>
  call.write({ message: { $case: "data", value: Buffer.from(text) } });

it("is a socket for root only", () => expect(statSync(join(pods.path, "executor.sock")).mode & 0o777).toBe(0o600));

it("carries bytes both ways, and the end of either side", async () => {
  await serveGuest("serial0.sock");
  const { call, head } = opened(console);
  expect(await head).toBeUndefined();
  const socket = await eventually(() => attached[0]);
  socket.on("data", (data) => socket.write(`echo ${data}`)).resume();
  let answer = "";
  call.on("data", ({ data }: ConnectReply) => {
    answer += data;
  });
  send(call, "hello");
  await eventually(() => answer === "echo hello");
  const ended = new Promise((resolve) => call.once("end", () => resolve("ended")));
  socket.end();
  expect(await ended).toBe("ended");
});

it("shows first what the console said before", async () => {
  await serveGuest("serial0.sock");
  writeFileSync(pods.fileOf(podUid, "private", "serial0.log"), `${"old".repeat(10_000)}\r\nlogin: `);
  const { call, head } = opened(console);
  const shown: Buffer[] = [];
  call.on("data", ({ data }: ConnectReply) => shown.push(data));
  expect(await head).toBeUndefined();
  (await eventually(() => attached[0])).write("root");
  await eventually(() => Buffer.concat(shown).toString().endsWith("old\r\nlogin: root"));
  expect(Buffer.concat(shown).length).toBe(16 * 1024 + "root".length);
});

it("does not follow a link that stands in the log's place", async () => {
  await serveGuest("serial0.sock");
  symlinkSync("/etc/passwd", pods.fileOf(podUid, "private", "serial0.log"));
  const { call, head } = opened(console);
  const shown: Buffer[] = [];
  call.on("data", ({ data }: ConnectReply) => shown.push(data));
  expect(await head).toBeUndefined();
  (await eventually(() => attached[0])).write("x");
  await eventually(() => shown.length > 0);
  expect(Buffer.concat(shown).toString()).toBe("x");
});

test.each([
  { when: "nothing came meanwhile", log: "abc", early: "", grown: 0, want: 0 },
  { when: "all that came is in both", log: "abc", early: "bc", grown: 2, want: 2 },
  { when: "more came than was logged", log: "abc", early: "cde", grown: 1, want: 1 },
  { when: "what was logged came before the socket", log: "abc", early: "de", grown: 2, want: 0 },
  { when: "the same is said again", log: "aaa", early: "aaa", grown: 1, want: 1 },
])("finds what is in the log and on the socket when $when", ({ log, early, grown, want }) =>
  expect(overlap(Buffer.from(log), Buffer.from(early), grown)).toBe(want),
);

it("leaves the guest's end when the caller goes", async () => {
  await serveGuest("serial0.sock");
  const { call, head } = opened(console);
  await head;
  const socket = await eventually(() => attached[0]);
  const closed = new Promise((resolve) => socket.once("close", () => resolve("closed")));
  socket.resume();
  call.cancel();
  expect(await closed).toBe("closed");
});

it("hands the console over to whoever comes last", async () => {
  await serveGuest("serial0.sock");
  const first = opened(console);
  expect(await first.head).toBeUndefined();
  const ended = new Promise<ServiceError>((resolve) => first.call.once("error", resolve));
  first.call.resume();
  const second = opened(console);
  expect(await second.head).toBeUndefined();
  expect(await ended).toMatchObject({
    code: status.ABORTED,
    details: "default/web was taken over by another client",
  });
});

it("leaves a display to its viewer when asked to", async () => {
  await serveGuest("vnc.sock");
  expect(await opened(display).head).toBeUndefined();
  const second = await opened({ ...display, preserveSession: true }).head;
  expect(second).toMatchObject({ code: status.UNAVAILABLE });
  expect(await opened(display).head).toBeUndefined();
});

it("reads from the caller no faster than the guest takes it", async () => {
  await serveGuest("serial0.sock");
  const { call, head } = opened(console);
  await head;
  const socket = await eventually(() => attached[0]);
  const chunk = "x".repeat(64 * 1024);
  let sent = 0;
  while (send(call, chunk)) sent += chunk.length;
  const drained = new Promise((resolve) => call.once("drain", () => resolve("drained")));
  const more = 64;
  for (let n = 0; n < more; n += 1) send(call, chunk);
  sent += (more + 1) * chunk.length;
  await expect(Promise.race([drained, new Promise((resolve) => setTimeout(resolve, 300, "held up"))])).resolves.toBe(
    "held up",
  );
  let received = 0;
  socket.on("data", (data) => {
    received += data.length;
  });
  socket.resume();
  await eventually(() => received === sent);
});

test.each([
  { when: "the instance is not here", wish: { ...console, name: "other" }, code: status.NOT_FOUND },
  { when: "its launcher was not seen yet", wish: { ...console, name: "coming" }, code: status.UNAVAILABLE },
  { when: "the guest does not listen", wish: console, code: status.FAILED_PRECONDITION },
  {
    when: "the endpoint is unknown",
    wish: { ...console, endpoint: Endpoint.ENDPOINT_UNSPECIFIED },
    code: status.INVALID_ARGUMENT,
  },
])("refuses when $when", async ({ wish, code }) => {
  expect(await opened(wish).head).toMatchObject({ code });
});

it("refuses a call that begins with data", async () => {
  const call = client.connect();
  const refused = new Promise((resolve) => call.once("error", resolve));
  send(call, "x");
  expect(await refused).toMatchObject({ code: status.INVALID_ARGUMENT });
});
