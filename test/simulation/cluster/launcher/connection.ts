// The executor's connection to one launcher: as slow, and as often lost, as the real one.
import { ExecutorError, type LauncherConnection } from "@knvirt/node-executor";
import type { DomainState } from "@knvirt/proto";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import { askLauncher } from "./call.ts";
import type { Door, Server } from "./door.ts";

export interface Wish {
  podUid: string;
  onChange(): void;
  /** The executor. */
  by: SimulatedProcess;
}

/** As long as one stream of states lasts. */
const watchMs = 300_000;
const longestWayMs = 5;

/** Undefined where no container has been made for the pod yet: `doorOf` is asked again when that may have changed. */
export interface Doors {
  doorOf(podUid: string): Door | undefined;
  follow(changed: () => void): () => void;
}

interface State {
  domain: DomainState | undefined;
  reachableSinceMs: number | undefined;
  /** Whose states are read, and how to stop that. */
  stream: { server: Server; end(): void } | undefined;
  isClosed: boolean;
}

export function launcherConnection(doors: Doors, wish: Wish): LauncherConnection {
  const { podUid, by } = wish;
  const state: State = { domain: undefined, reachableSinceMs: undefined, stream: undefined, isClosed: false };
  const stops = [doors.follow(() => look())];
  let door: Door | undefined;
  const findDoor = (): Door | undefined => {
    const found = doors.doorOf(podUid);
    if (found) stops.push(found.follow(() => look()));
    return found;
  };
  const look = (): void => {
    door ??= findDoor();
    const server = door?.server;
    if (state.stream && state.stream.server !== server) state.stream.end();
    if (server && !state.stream && !state.isClosed) by.reach(pauseMs(by), connect);
  };
  const connect = (): void => {
    const server = door?.server;
    if (server && !state.stream && !state.isClosed) readStates({ state, server, wish, again: look });
  };
  look();
  const reached = (): Server => {
    if (state.stream && state.reachableSinceMs !== undefined) return state.stream.server;
    throw new ExecutorError("LauncherUnreachable", `launcher of pod ${podUid} does not answer`);
  };
  return {
    get domain() {
      return state.domain;
    },
    get reachableSinceMs() {
      return state.reachableSinceMs;
    },
    get isReachable() {
      return state.reachableSinceMs !== undefined;
    },
    ...askLauncher(by, reached),
    close: () => {
      state.isClosed = true;
      state.stream?.end();
      for (const stop of stops) stop();
    },
  };
}

/** It tries again and again, less and less often. */
const pauseMs = ({ random }: SimulatedProcess): number =>
  random.chance(0.1) ? random.between(200, 5_000) : random.between(1, 50);

interface Reading {
  state: State;
  server: Server;
  wish: Wish;
  again(): void;
}

function readStates({ state, server, wish: { by, onChange }, again }: Reading): void {
  let lastMs = 0;
  let isOver = false;
  const take = (domain: DomainState): void => {
    if (isOver) return;
    state.reachableSinceMs ??= by.clock.elapsedMs();
    state.domain = domain;
    onChange();
  };
  const send = (domain: DomainState): void => {
    const nowMs = by.clock.elapsedMs();
    lastMs = Math.max(nowMs + by.random.between(1, longestWayMs), lastMs + 0.01);
    by.reach(lastMs - nowMs, () => take(domain));
  };
  const end = (): void => {
    isOver = true;
    stop();
    callOff();
    [state.stream, state.reachableSinceMs] = [undefined, undefined];
  };
  const stop = server.machine.watch.listen(send);
  const callOff = by.clock.after(watchMs, () => {
    end();
    again();
  });
  state.stream = { server, end };
  if (server.machine.watch.last) send(server.machine.watch.last);
}
