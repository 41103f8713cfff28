// What really happens in the simulated world, fact by fact, told by those to whom it happens. Whether the control plane
// keeps its promises is judged by this and by what stands in the API, never by code of the control plane.
import type { Write } from "../api-server/index.ts";

/** A guest is one run of a QEMU in one launcher container. */
export interface GuestFact {
  /**
   * - `starts`: QEMU is there and has its disks open; its processors do not run yet
   * - `runs`: its processors run for the first time, or again after a pause
   * - `pauses`: its processors stand still and are to go on later
   * - `stopping`: its launcher has begun to shut it down, because it was told to
   * - `reboots`: the same QEMU goes on
   * - `ends`: QEMU is gone
   * - `startFailed`: it was tried, and there is no QEMU
   */
  what: "starts" | "runs" | "pauses" | "stopping" | "reboots" | "ends" | "startFailed";
  /** Uids. */
  vmi: string;
  pod: string;
  node: string;
  /** Of `ends`. */
  how?: GuestEnd;
}

/**
 * - `shutdown`: in order, because its launcher asked for it
 * - `destroyed`: by its launcher, when the time to shut down was over
 * - `powerOff`: in order, by itself
 * - `crash`: by itself
 * - `killed`: with its container, by SIGKILL
 * - `powerLoss`: with its node
 */
export type GuestEnd = "shutdown" | "destroyed" | "powerOff" | "crash" | "killed" | "powerLoss";

/** The launcher container of a pod. */
export interface ContainerFact {
  /** `terminate` and `kill` are the signals that reach it, `removed` is when nothing of it is left on the node. */
  what: "starts" | "terminate" | "kill" | "ends" | "removed";
  /** Uids: of its pod, and of the instance that the pod was made for. */
  pod: string;
  vmi: string;
  node: string;
  /** Of `ends`; undefined when the power failed. */
  exitCode?: number;
}

/** A QEMU opens or closes, for writing, what a PersistentVolumeClaim stands for. */
export interface DiskFact {
  what: "opens" | "closes";
  /** `namespace/name` of the claim. */
  claim: string;
  pod: string;
  vmi: string;
  node: string;
}

export type Wish =
  | "createVm"
  | "createVmi"
  | "deleteVm"
  | "deleteVmi"
  | "deletePod"
  | "start"
  | "stop"
  | "restart"
  | "strategy"
  | "template"
  | "removeNode"
  | "drain";

/** What a user asked for. Told twice, by the same id: when it is sent, and when its sender knows what became of it. */
export interface UserFact {
  id: number;
  wish: Wish;
  /** Of the VM, or of the node for `removeNode` and `drain`. */
  namespace?: string;
  name: string;
  /** Of `strategy` and `createVm`: that of the spec. */
  strategy?: string;
  /** Of `deleteVm`: its instance is to go on. */
  orphans?: boolean;
  /** `unknown`: the answer got lost, so it may have happened or not. */
  answer: "sent" | "taken" | "refused" | "unknown";
}

/** What happens to a node. `lost`: an administrator removed its Node object. */
export interface NodeFact {
  what: "powerOff" | "powerOn" | "freeze" | "thaw" | "cutOff" | "reconnect" | "lost" | "kubeletRestart";
  node: string;
}

/** The wall clock of a process was set. */
export interface ClockFact {
  process: string;
  byMs: number;
}

/** A write was sent that arrives so long after. */
export interface LateFact {
  process: string;
  byMs: number;
}

/** `healed`: from now on nothing goes wrong any more, and what had died runs again. */
export interface RunFact {
  what: "healed";
}

interface Facts {
  guest: GuestFact;
  container: ContainerFact;
  disk: DiskFact;
  user: UserFact;
  node: NodeFact;
  clock: ClockFact;
  late: LateFact;
  run: RunFact;
  write: Write;
}

/** Told of each fact as it happens. It may not throw: what it tells of happens all the same. */
export type Follower = { [Kind in keyof Facts]?: (fact: Facts[Kind], atMs: number) => void };

export type Ledger = { [Kind in keyof Facts]: (fact: Facts[Kind]) => void } & { follow(follower: Follower): void };

export function ledgerOf(nowMs: () => number): Ledger {
  const followers: { [Kind in keyof Facts]: ((fact: Facts[Kind], atMs: number) => void)[] } = {
    ...{ guest: [], container: [], disk: [], user: [], node: [], clock: [], late: [], run: [], write: [] },
  };
  const telling =
    <Kind extends keyof Facts>(kind: Kind) =>
    (fact: Facts[Kind]): void => {
      const atMs = nowMs();
      for (const told of followers[kind]) told(fact, atMs);
    };
  const listen = <Kind extends keyof Facts>(kind: Kind, follower: Follower): void => {
    const told = follower[kind];
    if (told) followers[kind].push(told);
  };
  return {
    guest: telling("guest"),
    container: telling("container"),
    disk: telling("disk"),
    user: telling("user"),
    node: telling("node"),
    clock: telling("clock"),
    late: telling("late"),
    run: telling("run"),
    write: telling("write"),
    follow: (follower) => {
      for (const kind of Object.keys(followers) as (keyof Facts)[]) listen(kind, follower);
    },
  };
}
