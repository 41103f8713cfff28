// One watch of a simulated process: events come in order and late, until its time is up, the connection breaks, or nobody
// has been heard for too long.
import type { ApiRequest, WatchLine } from "@knvirt/kubernetes";
import { hits } from "./conditions.ts";
import { type Inbox, inboxOf } from "./inbox.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { Connections, Ground, Network } from "./way.ts";

export interface Way extends Ground {
  network: Network;
  process: SimulatedProcess;
  request: ApiRequest;
  longestSilenceMs: number;
  connections: Connections;
}

const headMs = 30_000;

/** Resolves with its head. */
export function watchLines(way: Way): Promise<AsyncIterable<WatchLine>> {
  const { network, process, request } = way;
  const latencyMs = (): number => network.latencyMs(process.random);
  return new Promise((resolve, reject) => {
    const fail = (afterMs: number, why: string): void =>
      void process.reach(afterMs, () => reject(new Error(`watch of ${request.path}: ${why}`)));
    const arrive = (): void => {
      if (network.reaches(process)) answer();
      else fail(headMs, "was not answered in time");
    };
    const answer = (): void => {
      try {
        const lines = open(way);
        process.reach(latencyMs(), () => resolve(lines));
      } catch (error) {
        process.reach(latencyMs(), () => reject(error));
      }
    };
    if (network.conditions.isApiAway) fail(1, "connection refused");
    else if (!network.reaches(process)) fail(headMs, "was not answered in time");
    else process.reach(latencyMs(), arrive);
  });
}

/** Throws when the API server refuses. */
function open(way: Way): AsyncIterable<WatchLine> {
  const { api, process, request } = way;
  const inbox = inboxOf<WatchLine>();
  const told = lateLine(way, inbox, () => end(lost()));
  const watch = api.watch(request, told, process.user);
  const callOffs = endings(way, watch, (error) => end(error));
  const end = (error?: Error): void => {
    if (inbox.isEnded) return;
    inbox.end(error);
    watch.close();
    for (const callOff of callOffs) callOff();
  };
  process.onEnd(() => end());
  if (request.signal?.aborted) end(aborted());
  return inbox.lines(end);
}

/** Whatever ends a watch from outside. Answers how not to listen to it any more. */
function endings(way: Way, watch: { close(): void }, end: (error?: Error) => void): (() => void)[] {
  const { process, network, request, connections } = way;
  // Nothing is sent any more from this moment on, whenever it is noticed.
  const broken = (): void => {
    watch.close();
    process.reach(1, () => end(lost()));
  };
  const stopped = (): void => end(aborted());
  const overdue = (): void => end(network.reaches(process) ? undefined : silent());
  const connection = { process, broken };
  connections.add(connection);
  request.signal?.addEventListener("abort", stopped, { once: true });
  const seconds = Number(request.query?.timeoutSeconds ?? headMs / 100);
  return [
    process.reach(seconds * 1000, overdue),
    () => connections.delete(connection),
    () => request.signal?.removeEventListener("abort", stopped),
  ];
}

const lost = (): Error => new Error("connection lost");
const silent = (): Error => new Error("nothing was heard for too long");
const aborted = (): Error => Object.assign(new Error("this operation was aborted"), { name: "AbortError" });

/** Lines on their way: each late, none before the one that was sent before it. Those that find nobody wait for him. */
function lateLine(way: Way, inbox: Inbox<WatchLine>, broken: () => void): (line: WatchLine) => void {
  const { timeline, network, process, request, longestSilenceMs } = way;
  const plural = request.path.split("/").at(-1) ?? "";
  const isStalled = (): boolean => network.conditions.stalled.get(process.name)?.has(plural) ?? false;
  const isTold = (): boolean => network.reaches(process) && !isStalled();
  let heardMs = timeline.nowMs;
  let lastMs = 0;
  let held: WatchLine[] = [];
  const arrive = (line: WatchLine): void => {
    if (held.length > 0) held.push(line);
    else if (isTold()) deliver(line);
    else hold([line]);
  };
  const deliver = (line: WatchLine): void => {
    heardMs = timeline.nowMs;
    if (!inbox.isEnded) inbox.put(line);
    if (hits(network, process, "brokenWatches")) broken();
  };
  const hold = (lines: WatchLine[]): void => {
    held = lines;
    if (timeline.nowMs - heardMs > longestSilenceMs) inbox.end(silent());
    else
      process.reach(isStalled() ? 500 : 10_000, () => {
        held = [];
        if (isTold()) for (const line of lines) deliver(line);
        else hold(lines);
      });
  };
  return (line) => {
    if (inbox.isEnded) return;
    lastMs = Math.max(timeline.nowMs + network.latencyMs(process.random), lastMs);
    // Never before the last one: a thousandth of a millisecond keeps them apart.
    lastMs += 0.001;
    process.reach(lastMs - timeline.nowMs, () => arrive(line));
  };
}
