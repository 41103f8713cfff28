// The launcher of one pod, as the executor knows it and asks of it, whichever way it is reached.
import type { CacheFile, CallRequest, DomainState, LauncherService, StartRequest, StatsReply } from "@knvirt/proto";

/** Follows the launcher until closed: connects, and does so again whenever that ends. `onChange` is called whenever it
 * said something, and never before this has answered. */
export type Connect = (podUid: string, onChange: () => void) => LauncherConnection;

/** That it cannot be reached says nothing about the guest; what is asked of it then fails as LauncherUnreachable. */
export interface LauncherConnection {
  /** What it said last. Undefined until it said anything. */
  readonly domain: DomainState | undefined;
  /** Since when its stream of states is open, by `elapsedMs` of the executor's clock. Undefined while it cannot be
   * reached; a launcher that was started again forgot what it was asked before. */
  readonly reachableSinceMs: number | undefined;
  readonly isReachable: boolean;
  probeCapabilities(): Promise<CacheFile[]>;
  /** Resolves when it agreed to; what becomes of the guest it says by itself. */
  start(request: StartRequest): Promise<void>;
  stats(): Promise<StatsReply>;
  /** For the guest that runs. */
  ask<Verb extends GuestVerb>(verb: Verb, request: RequestOf<Verb>): Promise<ReplyOf<Verb>>;
  /** Nothing is told afterwards. The guest does not notice. */
  close(): void;
}

export type GuestVerb = "shutdown" | NonNullable<CallRequest["verb"]>["$case"];
/** Each call that has one answer. */
export type LauncherVerb = GuestVerb | "probeCapabilities" | "start" | "stats";

type Service = typeof LauncherService;
export type RequestOf<Verb extends LauncherVerb> = ReturnType<Service[Verb]["requestDeserialize"]>;
export type ReplyOf<Verb extends LauncherVerb> = ReturnType<Service[Verb]["responseDeserialize"]>;
