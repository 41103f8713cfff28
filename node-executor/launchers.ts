// The launcher of one pod over gRPC: its domain's state as it says it, and what is asked of it, each call with a deadline.
import { closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { launcherSocket, launcherVolume } from "@knvirt/api";
import type {
  CacheFile,
  DomainState,
  LauncherClient,
  ProbeCapabilitiesReply,
  StartReply,
  StartRequest,
  StatsReply,
} from "@knvirt/proto";
import { boundedState } from "./bounded-state.ts";
import { ExecutorError, isServiceError } from "./errors.ts";
import { connectTo } from "./launcher-client.ts";
import { openSocket } from "./no-follow.ts";

/** Milliseconds. Start may wait for a busy machine; late figures still serve the next scrape; a guest that is frozen
 * writes first what is not written yet. */
const deadlines = {
  probe: 60_000,
  start: 120_000,
  stats: 3_000,
  verb: 15_000,
  freeze: 60_000,
  watch: 300_000,
} as const;
/** A launcher that starts up is asked again soon; one that stays away less and less often. */
const [shortestPauseMs, longestPauseMs, startUpMs] = [25, 5_000, 3_000];

export interface LauncherAddress {
  podsDir: string;
  podUid: string;
}

/** More news than any guest has. A launcher that talks without end is heard in bursts, and takes no time from others. */
const [statesAtOnce, statesPauseMs] = [50, 1_000];

/** Steps below the kubelet's pods directory to a socket of a launcher. */
export const socketSteps = (podUid: string, socket: string): string[] => [
  podUid,
  "volumes",
  "kubernetes.io~empty-dir",
  launcherVolume.sockets,
  socket,
];

/** Follows the launcher until closed. That it cannot be reached says nothing about the guest. */
export class Launcher {
  /** What it said last. Undefined until it said anything. */
  domain: DomainState | undefined;
  readonly #address: LauncherAddress;
  readonly #onChange: () => void;
  readonly #stop = new AbortController();
  #client: LauncherClient | undefined;
  #reachableSince: Date | undefined;

  constructor(address: LauncherAddress, onChange: () => void) {
    this.#address = address;
    this.#onChange = onChange;
    void this.#follow();
  }

  /** Since when its stream of states is open; a launcher that was started again forgot what it was asked before. */
  get reachableSince(): Date | undefined {
    return this.#reachableSince;
  }

  get isReachable(): boolean {
    return this.#reachableSince !== undefined;
  }

  async probeCapabilities(): Promise<CacheFile[]> {
    const { files } = await this.#call<ProbeCapabilitiesReply>((client, answer) =>
      client.probeCapabilities({}, new Metadata(), within(deadlines.probe), answer),
    );
    return files;
  }

  async start(request: StartRequest): Promise<void> {
    await this.#call<StartReply>((client, answer) =>
      client.start(request, new Metadata(), within(deadlines.start), answer),
    );
  }

  stats(): Promise<StatsReply> {
    return this.#call((client, answer) => client.stats({}, new Metadata(), within(deadlines.stats), answer));
  }

  /** A verb for the guest that runs. */
  ask<Reply>(
    send: (client: LauncherClient, ...rest: VerbCall<Reply>) => void,
    time: "verb" | "freeze" = "verb",
  ): Promise<Reply> {
    return this.#call((client, answer) => send(client, new Metadata(), within(deadlines[time]), answer));
  }

  close(): void {
    this.#stop.abort();
    this.#client?.close();
  }

  #call<Reply>(send: (client: LauncherClient, answer: Answer<Reply>) => void): Promise<Reply> {
    const client = this.#client;
    if (!client || !this.#reachableSince)
      throw new ExecutorError("LauncherUnreachable", `launcher of pod ${this.#address.podUid} does not answer`);
    return new Promise((resolve, reject) => {
      send(client, (error, reply) => (error ? reject(error) : resolve(reply)));
    });
  }

  /** Connects, watches, and does so again whenever that ends. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const began = performance.now();
    let pauseMs = shortestPauseMs;
    while (!signal.aborted) {
      const connectedAt = performance.now();
      const isTimeUp = await this.#watchOnce();
      const lived = performance.now() - connectedAt;
      const resync = isTimeUp && lived > 1_000; // a launcher can say so too, at once and for ever
      const startingUp = performance.now() - began < startUpMs;
      pauseMs = lived > 1_000 || startingUp ? shortestPauseMs : Math.min(longestPauseMs, pauseMs * 1.5);
      if (!resync) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection, from its socket as it is found now to its end. True when only its time was up. */
  async #watchOnce(): Promise<boolean> {
    let descriptor: number | undefined;
    try {
      descriptor = openSocket(this.#address.podsDir, socketSteps(this.#address.podUid, launcherSocket.grpc));
      this.#client = connectTo(descriptor);
      await this.#readStates(this.#client);
      return false;
    } catch (error) {
      return isServiceError(error) && error.code === status.DEADLINE_EXCEEDED;
    } finally {
      this.#reachableSince = undefined;
      this.#client?.close();
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  async #readStates(client: LauncherClient): Promise<void> {
    const states = client.watch({}, within(deadlines.watch));
    states.on("error", () => undefined); // thrown by the loop below; what comes after it has nobody to tell
    const cancel = () => states.cancel();
    this.#stop.signal.addEventListener("abort", cancel, { once: true });
    const room = burst(statesAtOnce, statesPauseMs);
    try {
      for await (const state of states as AsyncIterable<DomainState>) {
        if (this.#stop.signal.aborted) return;
        this.#reachableSince ??= new Date();
        this.domain = boundedState(state);
        this.#onChange();
        await room();
      }
    } finally {
      this.#stop.signal.removeEventListener("abort", cancel);
    }
  }
}

/** Returns at once so many times in each period, then at the period's end. */
function burst(times: number, periodMs: number): () => Promise<void> {
  let [left, endsAt] = [0, 0];
  return async () => {
    const now = performance.now();
    if (now >= endsAt) [left, endsAt] = [times, now + periodMs];
    left -= 1;
    if (left <= 0) await sleep(endsAt - now);
  };
}

type VerbCall<Reply> = [metadata: Metadata, options: { deadline: number }, answer: Answer<Reply>];
type Answer<Reply> = (error: ServiceError | null, reply: Reply) => void;

const within = (milliseconds: number) => ({ deadline: Date.now() + milliseconds });
