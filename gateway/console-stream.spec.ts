// Fifty megabytes from a console to its viewer, through an executor and a gateway. QEMU's end of the socket is ours: the
// emulated serial port of an emulated guest takes an hour for as much.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import pino from "pino";
import { endpointsOf } from "../node-executor/endpoints.ts";
import { type ExecutorListener, listenOnSocket } from "../node-executor/listen.ts";
import { executorService } from "../node-executor/server.ts";
import { type Session, sessions } from "../node-executor/sessions.ts";
import { type PodsDir, podsDir } from "../node-executor/testing/scripted-launcher.ts";
import { verbsOf } from "../node-executor/verbs.ts";
import { startApiServer } from "../standalone/apiserver/index.ts";
import { aVmi } from "../test/support/builders.ts";
import { eventually } from "../test/support/eventually.ts";
import { type GatewayProcess, startGatewayProcess } from "./testing/gateway-process.ts";

const bytes = 50_000_000;
const line = 10;
const podUid = "pod-uid";

let gateway: GatewayProcess;
let executor: ExecutorListener;
let pods: PodsDir;
let guest: Server;

beforeAll(async () => {
  pods = podsDir();
  gateway = await startGatewayProcess(startApiServer, aVmi());
  const open = sessions();
  open.open("default/virt-launcher-web", { podUid, vmi: { namespace: "default", name: "web" } } as Session);
  const known = { podsDir: pods.path, sessions: open, isExpected: () => false };
  const offered = { endpoints: endpointsOf(known), verbs: verbsOf(known), log: pino({ enabled: false }) };
  executor = await listenOnSocket(gateway.executorSocket, executorService(offered));
  guest = createServer((socket) => socket.once("data", () => void talk(socket)));
  await new Promise<void>((resolve) => guest.listen(pods.socketOf(podUid, "serial0.sock"), resolve));
});
afterAll(async () => {
  guest.close();
  executor.close();
  await gateway.close();
  pods.remove();
});

/** Numbered lines in pieces of all sizes, the first of them byte by byte as QEMU does. */
async function talk(socket: Socket): Promise<void> {
  let [said, pending] = [0, ""];
  for (let size = 1; said < bytes && !socket.destroyed; size = (size * 7) % 65_537) {
    const length = said < 10_000 ? 1 : Math.min(size, bytes - said);
    while (pending.length < length) pending += numbered((said + pending.length) / line);
    if (!socket.write(pending.slice(0, length))) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    pending = pending.slice(length);
    said += length;
  }
  socket.end();
}

const numbered = (number: number): string => `${String(number).padStart(line - 2, "0")}\r\n`;

it("are heard without loss or reordering", async () => {
  const viewer = await eventually(gateway.look, { what: "the gateway serves", seconds: 30 });
  let [heard, rest, wrong] = [0, "", ""];
  viewer.on("message", (data: Buffer) => {
    rest += data.toString("latin1");
    for (; rest.length >= line && wrong === ""; heard += line) {
      const expected = numbered(heard / line);
      if (!rest.startsWith(expected)) wrong = `at byte ${heard}: ${JSON.stringify(rest.slice(0, line))}`;
      rest = rest.slice(line);
    }
  });
  viewer.send("go on");
  const [code] = (await once(viewer, "close")) as [number];
  expect({ code, wrong, heard }).toEqual({ code: 1000, wrong: "", heard: bytes });
});
