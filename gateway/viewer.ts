// A websocket joined to a guest's byte stream: backpressure goes both ways, and either end closes the other.
import { type Duplex, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ConnectReply, ConnectRequest } from "@knvirt/proto";
import { createWebSocketStream, type WebSocket } from "ws";
import type { GuestStream } from "./executors.ts";

/** The subprotocol that virtctl and browsers ask for: the payload is the bytes. */
export const plainProtocol = "plain.kubevirt.io";

/** Shorter than the idle limits of usual proxies, the shortest of which cut at 20 s. */
const pingMs = 10_000;

const toRequest = () =>
  new Transform({
    writableObjectMode: false,
    readableObjectMode: true,
    transform: (chunk: Buffer, _encoding, done) =>
      done(null, { message: { $case: "data", value: chunk } } satisfies ConnectRequest),
  });

const toBytes = () =>
  new Transform({
    writableObjectMode: true,
    readableObjectMode: false,
    transform: ({ data }: ConnectReply, _encoding, done) => done(null, data),
  });

/** Resolves when both ends are closed. A viewer that just goes away is the usual end, not an error. */
export async function join(socket: WebSocket, guest: GuestStream): Promise<void> {
  const bytes = createWebSocketStream(socket);
  const pings = setInterval(() => socket.ping(), pingMs);
  try {
    // grpc-js types its own duplex streams; at run time each is one of Node's.
    const executor = guest as unknown as Duplex;
    await Promise.race([pipeline(bytes, toRequest(), executor), pipeline(executor, toBytes(), bytes)]);
    socket.close(1000);
  } catch {
    socket.close(1011, "the other end is gone");
  } finally {
    clearInterval(pings);
    guest.cancel();
    bytes.destroy();
  }
}
