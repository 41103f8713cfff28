// The other end of a viewer's websocket: a guest's console or display, or a port of it.
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { type ServiceError, status } from "@grpc/grpc-js";
import type { ConnectReply, ConnectRequest } from "@knvirt/proto";
import type { GuestStream } from "./executors.ts";

export interface Peer {
  /** False when it takes no more until it drains. */
  write(bytes: Buffer): boolean;
  onDrain(listener: () => void): void;
  /** Ends when it was closed in order, and throws when it broke. */
  read(): AsyncIterable<Buffer>;
  /** The viewer has said all: what it said is still delivered. */
  end(): void;
  cancel(): void;
  /** Whether what broke is that another viewer came. */
  isTakeover(error: Error): boolean;
}

/** A message may be as long as the viewer likes, one of gRPC may not. */
const chunkBytes = 64 * 1024;

export const guestPeer = (guest: GuestStream): Peer => ({
  write: (bytes) => {
    let takesMore = true;
    for (let at = 0; at < bytes.length && guest.writable; at += chunkBytes) {
      const value = bytes.subarray(at, at + chunkBytes);
      takesMore = guest.write({ message: { $case: "data", value } } satisfies ConnectRequest);
    }
    return takesMore;
  },
  onDrain: (listener) => void guest.on("drain", listener),
  read: async function* () {
    // grpc-js types its own streams; at run time each is one of Node's.
    for await (const { data } of guest as unknown as Readable & AsyncIterable<ConnectReply>) yield data;
  },
  end: () => guest.end(),
  cancel: () => guest.cancel(),
  isTakeover: (error) => (error as ServiceError).code === status.ABORTED,
});

export const portPeer = (socket: Socket): Peer => ({
  write: (bytes) => !socket.writable || socket.write(bytes),
  onDrain: (listener) => void socket.on("drain", listener),
  read: () => socket as AsyncIterable<Buffer>,
  end: () => void socket.end(),
  cancel: () => void socket.destroy(),
  isTakeover: () => false,
});
