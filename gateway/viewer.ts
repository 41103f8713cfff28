// A websocket joined to a guest's byte stream: neither is sent more than it takes, and the end of one ends the other.
import type { WebSocket } from "ws";
import type { Peer } from "./peer.ts";

/** The subprotocol that virtctl and browsers ask for: the payload is the bytes. */
export const plainProtocol = "plain.kubevirt.io";

/** Of the websocket: what RFC 6455 names, and one of those it leaves to applications. */
const closed = { inOrder: 1000, byFailure: 1011, byTakeover: 4409 };

/** RFC 6455 gives a close frame 125 bytes, two of which are the code. */
const maxReasonBytes = 123;

/** How long a guest may take to accept what was sent before the viewer left. */
const lingerMs = 1_000;

export function join(socket: WebSocket, peer: Peer, pingMs: number): void {
  const pings = setInterval(() => socket.ping(), pingMs);
  socket.on("error", () => undefined); // the websocket closes by itself then, and says why
  socket.once("close", () => {
    clearInterval(pings);
    peer.end();
    setTimeout(() => peer.cancel(), lingerMs).unref();
  });
  peer.onDrain(() => socket.resume());
  socket.on("message", (message: Buffer) => {
    if (!peer.write(message)) socket.pause();
  });
  toViewer(peer, socket).then(
    () => close(socket, closed.inOrder, "the guest's end was closed"),
    (error: Error & { details?: string }) => {
      const why = error.details ?? error.message;
      if (peer.isTakeover(error)) close(socket, closed.byTakeover, why);
      else close(socket, closed.byFailure, `the way to the guest broke: ${why}`);
    },
  );
}

/** Resolves when the guest's end was closed in order, and rejects when it broke. */
async function toViewer(peer: Peer, socket: WebSocket): Promise<void> {
  for await (const bytes of peer.read()) await new Promise<void>((resolve) => socket.send(bytes, () => resolve())); // one that left is told by its close
}

function close(socket: WebSocket, code: number, reason: string): void {
  socket.resume(); // or the other side's answer is never read
  socket.close(code, Buffer.from(reason).subarray(0, maxReasonBytes));
}
