// What the gateway asks of this node, over gRPC.
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Metadata, type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { ConnectReply, ConnectRequest, ExecutorServer, Open } from "@knvirt/proto";
import { EndpointRefusal, type Endpoints } from "./endpoints.ts";
import type { Log } from "./log.ts";
import type { Verbs } from "./verbs.ts";

type Call = ServerDuplexStream<ConnectRequest, ConnectReply>;

export interface Offered {
  endpoints: Endpoints;
  verbs: Verbs;
  log: Log;
}

export const executorService = ({ endpoints, verbs, log }: Offered): ExecutorServer => ({
  call: ({ request }, answer) => {
    verbs.call(request).then(
      (reply) => answer(null, reply),
      (error: unknown) => {
        const { namespace, name, verb } = request;
        log.warn({ vmi: `${namespace}/${name}`, verb: verb?.$case, err: error }, "a verb was not done");
        answer(toStatus(error));
      },
    );
  },
  connect: (call) => {
    serve(endpoints, call).catch((error: unknown) => {
      if (!(error instanceof EndpointRefusal)) log.warn({ err: error }, "a guest's stream broke");
      call.emit("error", toStatus(error));
    });
  },
});

function toStatus(error: unknown): { code: status; details: string } {
  if (error instanceof EndpointRefusal) return { code: error.code, details: error.message };
  return { code: status.UNAVAILABLE, details: "the way to the guest broke" };
}

async function serve(endpoints: Endpoints, call: Call): Promise<void> {
  // Ends of the connection are seen by the loops below; without a listener this one would end the process.
  call.on("error", () => undefined);
  const requests = (call as AsyncIterable<ConnectRequest>)[Symbol.asyncIterator]();
  const wish = await openRequest(requests);
  const { socket, first } = await endpoints.open(wish);
  if (call.cancelled) socket.destroy();
  call.once("cancelled", () => socket.destroy());
  call.sendMetadata(new Metadata()); // tells the caller that the guest's end is open
  if (first.length > 0) call.write({ data: first });
  await join(call, requests, socket);
}

async function openRequest(requests: AsyncIterator<ConnectRequest>): Promise<Open> {
  const { value } = (await requests.next()) as IteratorResult<ConnectRequest, undefined>;
  if (value?.message?.$case === "open") return value.message.value;
  throw new EndpointRefusal(status.INVALID_ARGUMENT, "the first message names no endpoint: expected open");
}

/** Bytes both ways, each no faster than the other end takes them. Ends when either end does. */
async function join(call: Call, requests: AsyncIterator<ConnectRequest>, socket: Socket): Promise<void> {
  // Whatever ends this direction closes the socket; why that is so, the other direction tells.
  pipeline(Readable.from(dataOf(requests)), socket).catch(() => undefined);
  try {
    for await (const data of gathered(socket)) if (!call.write({ data })) await drained(call);
    call.end();
  } catch (error) {
    if (!call.cancelled) throw error;
  }
}

/** Nobody sees such a delay, and it is long for a machine. */
const [fewBytes, gatherMs] = [1_024, 2];

/** QEMU hands over what a console says byte by byte, and each would go through three processes by itself. */
async function* gathered(socket: Socket): AsyncGenerator<Buffer> {
  for await (const first of socket as AsyncIterable<Buffer>) {
    if (first.length < fewBytes) await sleep(gatherMs);
    const more = socket.read() as Buffer | null;
    yield more ? Buffer.concat([first, more]) : first;
  }
}

async function* dataOf(requests: AsyncIterator<ConnectRequest>): AsyncGenerator<Buffer> {
  for (let next = await requests.next(); !next.done; next = await requests.next()) {
    const { message } = next.value;
    if (message?.$case === "data") yield message.value;
  }
}

function drained(call: Call): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off("drain", done).off("cancelled", done);
      resolve();
    };
    call.once("drain", done).once("cancelled", done);
  });
}
