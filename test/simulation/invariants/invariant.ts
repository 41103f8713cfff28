// What an invariant is: a follower of the ledger that looks only at what changed, and tells of each promise that it sees
// broken.
import type { VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import type { Causes } from "./causes.ts";
import type { Follower } from "./ledger.ts";
import type { Register } from "./register.ts";

export interface Court {
  /** What stands in the API after the fact that is being told. */
  register: Register;
  causes: Causes;
  /** `object` is `Kind namespace/name`, or a name that the ledger uses. */
  broken(object: string, message: string): void;
}

export type Invariant = (court: Court) => Follower;

export interface VmiChange {
  /** As violations name it. */
  object: string;
  was: VirtualMachineInstance | undefined;
  is: VirtualMachineInstance;
}

/** Writes that changed an instance, not those that took it away. */
export const ofInstances =
  (judge: (change: VmiChange, atMs: number) => void): Required<Follower>["write"] =>
  ({ kind, key, before, after }: Write, atMs) => {
    if (kind !== "VirtualMachineInstance" || !after || before === after) return;
    const [was, is] = [before, after] as [VirtualMachineInstance | undefined, VirtualMachineInstance];
    judge({ object: `${kind} ${keyText(key)}`, was, is }, atMs);
  };

export const hasCondition = (
  object: { status?: { conditions?: { type: string; status: string }[] } } | undefined,
  wanted: string,
  value = "True",
): boolean => object?.status?.conditions?.some(({ type, status }) => type === wanted && status === value) ?? false;
