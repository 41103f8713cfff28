// What a seed stands for: who does what when, and what goes wrong. Plain data, of which each part has its own time, so that
// leaving out one leaves the others as they are.
import type { RunStrategy } from "@knvirt/api";

export interface Plan {
  /** Of all chance that the plan leaves open, such as how long a request takes. */
  seed: number;
  /** How long users and faults have; what is wrong then is healed. */
  lastsMs: number;
  nodes: number;
  host: "knative" | "controller";
  /** Of the controller. */
  replicas: number;
  network: Pick<NetworkTrouble, "lostRequests" | "lostAnswers" | "brokenWatches" | "latencyMs">;
  /** By VM: how each of its guests behaves, in their order; later ones do what is expected of them. */
  guests: Record<string, PlannedGuest[]>;
  actions: Action[];
  faults: Fault[];
}

export interface PlannedGuest {
  bootMs: number;
  startFailures: number;
  /** It can never be started. */
  isRefused?: boolean;
  shutdownMs: number;
  hangsAtShutdown: boolean;
  ends?: { afterMs: number; how: "crash" | "powerOff" | "reboot" }[];
}

export type Propagation = "Background" | "Foreground" | "Orphan";
/** The objects of one VM: itself, its instance, and the pod of its launcher. */
export type Part = "vm" | "vmi" | "pod";

export interface Wanted {
  cores: number;
  containerDisk: boolean;
  /** No claim: nothing of it outlives it. */
  isVolatile?: boolean;
  /** Of the guest when it is to shut down. */
  graceSeconds: number;
}

/** What a user does. `vm` names a VM, or an instance that has none. */
export type Deed =
  | (Wanted & {
      kind: "createVm";
      vm: string;
      strategy: RunStrategy;
      /** Asked for by the deprecated field, where it can say it. */
      saysRunning: boolean;
      /** Again and again while the last one of the name is going. */
      insists: boolean;
    })
  | (Wanted & { kind: "createVmi"; vm: string })
  | { kind: "deleteVm"; vm: string; propagation: Propagation }
  | { kind: "deleteVmi"; vm: string; propagation: Exclude<Propagation, "Orphan"> }
  | { kind: "deletePod"; vm: string; graceSeconds?: number }
  /** Only where its node is off. */
  | { kind: "forcePod"; vm: string }
  | { kind: "setStrategy"; vm: string; strategy: RunStrategy }
  | { kind: "setCores"; vm: string; cores: number }
  | { kind: "setTemplateLabel"; vm: string; value: string }
  | { kind: "start"; vm: string; isPaused: boolean }
  | { kind: "stop"; vm: string; graceSeconds?: number }
  | { kind: "restart"; vm: string; isForced: boolean }
  | { kind: "disown"; vm: string }
  /** Takes it away, and puts it back. */
  | { kind: "takeLabel"; vm: string; of: Part; label: string; forMs: number }
  | { kind: "setLabel"; vm: string; of: Part; value: string }
  | { kind: "foreignPod"; vm: string; forMs: number }
  /** Somebody else's, that stands where the VM's own one is to be. */
  | (Wanted & { kind: "foreignVmi"; vm: string; forMs: number })
  | { kind: "finalizer"; vm: string; of: Part; forMs: number }
  | { kind: "cordon"; node: number; drains: boolean; forMs: number }
  /** Only one that is off. */
  | { kind: "removeNode"; node: number };

export type Action = Deed & { atMs: number; user: number };
export type ActionKind = Deed["kind"];

/** Of processes that can be killed; `kubernetes` are Kubernetes' own, such as its scheduler. */
export type Role = "functions" | "source" | "controller" | "executor" | "gateway" | "kubernetes" | "kubelet";

/** One of those that live then, counted around. */
export interface Target {
  role: Role;
  which: number;
}

export interface NetworkTrouble {
  lostRequests: number;
  lostAnswers: number;
  overload: number;
  brokenWatches: number;
  latencyMs: number;
}

export type Trouble =
  | (Target & { kind: "kill"; backAfterMs: number })
  /** At their so many-th write from then on, counted over all of the role. */
  | { kind: "killAtWrite"; role: Role; nth: number; when: "before" | "after"; backAfterMs: number }
  /** Their so many-th write from then on is so long on its way, for which its sender may stand still. */
  | { kind: "lateWrite"; role: Role; nth: number; forMs: number; freezes: boolean }
  | { kind: "killAll"; backAfterMs: number }
  | (Target & { kind: "freeze"; forMs: number })
  | (Target & { kind: "jumpClock"; byMs: number })
  | { kind: "events"; lost: number; swallowed: number; doubled: number; lateMs: number; forMs: number }
  | { kind: "apiAway"; forMs: number }
  | (NetworkTrouble & { kind: "network"; forMs: number })
  | { kind: "breakConnections" }
  | { kind: "compact" }
  | { kind: "freezeNode" | "powerOff" | "cutOff"; node: number; forMs: number }
  | { kind: "launcherDies" | "libvirtDies" | "guestCrashes"; vm: string }
  | { kind: "launcherHides"; vm: string; forMs: number }
  /** By a quota. */
  | { kind: "refusePods" | "refuseInstances"; forMs: number }
  /** What is read is answered all the same. */
  | { kind: "failWrites"; forMs: number }
  /** It reaches the API server no more, and all its watches end. */
  | (Target & { kind: "isolate"; forMs: number })
  /** It is told late what becomes of objects of one kind. */
  | (Target & { kind: "stallWatch"; of: Part; forMs: number });

export type Fault = Trouble & { atMs: number };
export type FaultKind = Trouble["kind"];

/** The member of a union that is of this kind. */
export type OfKind<Union extends { kind: string }, Kind extends Union["kind"]> = Union extends { kind: infer Kinds }
  ? Kind extends Kinds
    ? Union
    : never
  : never;
