// A websocket joined to a guest's byte stream: neither is sent more than it takes, and the end of one ends the other.
import type { Readable } from "node:stream";
import { type ServiceError, status } from "@grpc/grpc-js";
import type { ConnectReply, ConnectRequest } from "@knvirt/proto";
import type { WebSocket } from "ws";
import type { GuestStream } from "./executors.ts";

/** The subprotocol that virtctl and browsers ask for: the payload is the bytes. */
export const plainProtocol = "plain.kubevirt.io";

/** Of the websocket: what RFC 6455 names, and one of those it leaves to applications. */
const closed = { inOrder: 1000, byFailure: 1011, byTakeover: 4409 };

/** RFC 6455 gives a close frame 125 bytes, two of which are the code. */
const maxReasonBytes = 123;

/** A message may be as long as the viewer likes, one of gRPC may not. */
const chunkBytes = 64 * 1024;

/** How long a guest may take to accept what was sent before the viewer left. */
const lingerMs = 1_000;

export function join(socket: WebSocket, guest: GuestStream, pingMs: number): void {
  const pings = setInterval(() => socket.ping(), pingMs);
  socket.on("error", () => undefined); // the websocket closes by itself then, and says why
  socket.once("close", () => {
    clearInterval(pings);
    leave(guest);
  });
  toGuest(socket, guest);
  toViewer(guest, socket).then(
    () => close(socket, closed.inOrder, "the guest's end was closed"),
    ({ code, details }: ServiceError) =>
      code === status.ABORTED
        ? close(socket, closed.byTakeover, details)
        : close(socket, closed.byFailure, `the way to the guest broke: ${details}`),
  );
}

function toGuest(socket: WebSocket, guest: GuestStream): void {
  guest.on("drain", () => socket.resume());
  socket.on("message", (message: Buffer) => {
    let takesMore = true;
    for (let at = 0; at < message.length && guest.writable; at += chunkBytes) {
      const value = message.subarray(at, at + chunkBytes);
      takesMore = guest.write({ message: { $case: "data", value } } satisfies ConnectRequest);
    }
    if (!takesMore) socket.pause();
  });
}

/** Resolves when the guest's end was closed in order, and rejects when it broke. */
async function toViewer(guest: GuestStream, socket: WebSocket): Promise<void> {
  // grpc-js types its own streams; at run time each is one of Node's.
  for await (const { data } of guest as unknown as Readable & AsyncIterable<ConnectReply>)
    await new Promise<void>((resolve) => socket.send(data, () => resolve())); // one that left is told by its close
}

function close(socket: WebSocket, code: number, reason: string): void {
  socket.resume(); // or the other side's answer is never read
  socket.close(code, Buffer.from(reason).subarray(0, maxReasonBytes));
}

function leave(guest: GuestStream): void {
  guest.end();
  setTimeout(() => guest.cancel(), lingerMs).unref();
}
