// The launcher of one pod over gRPC: its domain's state as it says it, and what is asked of it, each call with a deadline.
import { closeSync } from "node:fs";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { launcherSocket, launcherVolume } from "@knvirt/api";
import { type Clock, pause, systemClock } from "@knvirt/kubernetes";
import type { CacheFile, DomainState, LauncherClient, StartRequest, StatsReply } from "@knvirt/proto";
import { boundedState } from "./bounded-state.ts";
import { ExecutorError, isServiceError } from "./errors.ts";
import { connectTo } from "./launcher-client.ts";
import type {
  Connect,
  GuestVerb,
  LauncherConnection,
  LauncherVerb,
  ReplyOf,
  RequestOf,
} from "./launcher-connection.ts";
import { openSocket } from "./no-follow.ts";

/** Milliseconds. Start may wait for a busy machine; late figures still serve the next scrape; a guest that is frozen
 * writes first what is not written yet. */
const deadlines: Partial<Record<LauncherVerb, number>> = {
  probeCapabilities: 60_000,
  start: 120_000,
  stats: 3_000,
  freeze: 60_000,
};
const [usualDeadline, watchDeadline] = [15_000, 300_000];
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

/** Each by its socket in the pod's folder below the kubelet's pods directory. */
export const launchersIn =
  (podsDir: string, clock = systemClock): Connect =>
  (podUid, onChange) =>
    new Launcher({ podsDir, podUid }, onChange, clock);

export class Launcher implements LauncherConnection {
  domain: DomainState | undefined;
  readonly #address: LauncherAddress;
  readonly #onChange: () => void;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #client: LauncherClient | undefined;
  #reachableSinceMs: number | undefined;

  constructor(address: LauncherAddress, onChange: () => void, clock = systemClock) {
    this.#address = address;
    this.#onChange = onChange;
    this.#clock = clock;
    void this.#follow();
  }

  get reachableSinceMs(): number | undefined {
    return this.#reachableSinceMs;
  }

  get isReachable(): boolean {
    return this.#reachableSinceMs !== undefined;
  }

  async probeCapabilities(): Promise<CacheFile[]> {
    const { files } = await this.#call("probeCapabilities", {});
    return files;
  }

  async start(request: StartRequest): Promise<void> {
    await this.#call("start", request);
  }

  stats(): Promise<StatsReply> {
    return this.#call("stats", {});
  }

  ask<Verb extends GuestVerb>(verb: Verb, request: RequestOf<Verb>): Promise<ReplyOf<Verb>> {
    return this.#call(verb, request);
  }

  close(): void {
    this.#stop.abort();
    this.#client?.close();
  }

  #call<Verb extends LauncherVerb>(verb: Verb, request: RequestOf<Verb>): Promise<ReplyOf<Verb>> {
    const client = this.#client;
    if (!client || !this.isReachable)
      throw new ExecutorError("LauncherUnreachable", `launcher of pod ${this.#address.podUid} does not answer`);
    const call = (client[verb] as unknown as Call<Verb>).bind(client);
    const options = this.#within(deadlines[verb] ?? usualDeadline);
    return new Promise((resolve, reject) => {
      call(request, new Metadata(), options, (error, reply) => (error ? reject(error) : resolve(reply)));
    });
  }

  #within(milliseconds: number): { deadline: number } {
    return { deadline: this.#clock.now().getTime() + milliseconds };
  }

  /** Connects, watches, and does so again whenever that ends. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const began = this.#clock.elapsedMs();
    let pauseMs = shortestPauseMs;
    while (!signal.aborted) {
      const connectedAt = this.#clock.elapsedMs();
      const isTimeUp = await this.#watchOnce();
      const lived = this.#clock.elapsedMs() - connectedAt;
      const resync = isTimeUp && lived > 1_000; // a launcher can say so too, at once and for ever
      const startingUp = this.#clock.elapsedMs() - began < startUpMs;
      pauseMs = lived > 1_000 || startingUp ? shortestPauseMs : Math.min(longestPauseMs, pauseMs * 1.5);
      if (!resync) await pause(this.#clock, pauseMs, signal);
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
      this.#reachableSinceMs = undefined;
      this.#client?.close();
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  async #readStates(client: LauncherClient): Promise<void> {
    const states = client.watch({}, this.#within(watchDeadline));
    states.on("error", () => undefined); // thrown by the loop below; what comes after it has nobody to tell
    const cancel = () => states.cancel();
    this.#stop.signal.addEventListener("abort", cancel, { once: true });
    const room = burst(statesAtOnce, statesPauseMs, this.#clock);
    try {
      for await (const state of states as AsyncIterable<DomainState>) {
        if (this.#stop.signal.aborted) return;
        this.#reachableSinceMs ??= this.#clock.elapsedMs();
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
function burst(times: number, periodMs: number, clock: Clock): () => Promise<void> {
  let [left, endsAt] = [0, 0];
  return async () => {
    const now = clock.elapsedMs();
    if (now >= endsAt) [left, endsAt] = [times, now + periodMs];
    left -= 1;
    if (left <= 0) await pause(clock, endsAt - now);
  };
}

/** One of the signatures under which a client gives each call. */
type Call<Verb extends LauncherVerb> = (
  ...of: [request: RequestOf<Verb>, metadata: Metadata, options: { deadline: number }, answer: Answer<Verb>]
) => void;
type Answer<Verb extends LauncherVerb> = (error: ServiceError | null, reply: ReplyOf<Verb>) => void;
