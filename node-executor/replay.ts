// What a guest's console said last, for a viewer that comes: from the log that QEMU keeps beside the socket.
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { launcherVolume, serialLogFile } from "@knvirt/api";
import { readEndBelow, type Tail } from "./no-follow.ts";

/** A few screens. */
const replayBytes = 16 * 1024;
/** What QEMU sent before it wrote the log is here already. */
const arrivedMs = 20;

/** Connects, and answers with the socket and with what to show first. Nothing where no log is kept. */
export async function withRecentOutput(
  place: { podsDir: string; podUid: string },
  connect: () => Promise<Socket>,
): Promise<{ socket: Socket; first: Buffer }> {
  const before = logged(place);
  const socket = await connect();
  try {
    return { socket, first: await recent(socket, before, logged(place)) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function recent(socket: Socket, before: Tail, after: Tail): Promise<Buffer> {
  const grown = Math.max(0, after.size - before.size);
  const early = grown > 0 ? await arrived(socket) : Buffer.alloc(0);
  const twice = overlap(after.end, early, grown);
  return Buffer.concat([after.end, early.subarray(twice)]);
}

const logged = ({ podsDir, podUid }: { podsDir: string; podUid: string }): Tail => {
  const steps = [podUid, "volumes", "kubernetes.io~empty-dir", launcherVolume.private, serialLogFile];
  return readEndBelow(podsDir, steps, replayBytes) ?? { end: Buffer.alloc(0), size: 0 };
};

async function arrived(socket: Socket): Promise<Buffer> {
  const given = new AbortController();
  const late = sleep(arrivedMs, undefined, { signal: given.signal }).catch(() => undefined);
  const readable = once(socket, "readable", { signal: given.signal }).catch(() => undefined);
  socket.read(0);
  await Promise.race([readable, late]);
  given.abort();
  return (socket.read() as Buffer | null) ?? Buffer.alloc(0);
}

/** How many bytes the log ends with and the socket begins with: they came after the socket was there, so no more than
 * the log has grown since. */
export function overlap(log: Buffer, early: Buffer, most: number): number {
  for (let length = Math.min(most, early.length, log.length); length > 0; length -= 1)
    if (log.subarray(log.length - length).equals(early.subarray(0, length))) return length;
  return 0;
}
