// A start that failed is waited out, the longer the more failed in a row, as long as no clock was set and no user was
// impatient.
import { isFinal, runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import type { Invariant } from "./invariant.ts";
import { isOurs } from "./users.ts";

/** As KubeVirt: ten seconds times the square of the count at least, five minutes at most. */
const leastMs = (count: number): number => Math.min(300_000, 10_000 * count ** 2);
/** What was read first is so old when all is read, where answers take long. */
const toleranceMs = 6_000;
const waiting = new Set<string>(["Always", "RerunOnFailure"]);

export const startsAreSpaced: Invariant = ({ register, broken }) => {
  let areClocksRight = true;
  const notBeforeMs = new Map<string, number>();
  /** When an instance was told to have ended, by uid. */
  const endedAtMs = new Map<string, number>();
  const noteFailure = ({ after }: Write, key: string): void => {
    const failure = (after as VirtualMachine | undefined)?.status?.startFailure;
    const endedMs = endedAtMs.get(failure?.lastFailedVMIUID ?? "");
    if (!failure || endedMs === undefined) notBeforeMs.delete(key);
    else notBeforeMs.set(key, endedMs + leastMs(failure.consecutiveFailCount ?? 0) - toleranceMs);
  };
  const ofVmi = ({ before, after, user }: Write, { key, atMs }: { key: string; atMs: number }): void => {
    if (!before && isOurs(user)) judge(key, atMs);
    const uid = after?.metadata.uid ?? "";
    if (after && isFinal(after as VirtualMachineInstance) && !endedAtMs.has(uid)) endedAtMs.set(uid, atMs);
  };
  const judge = (key: string, atMs: number): void => {
    const vm = register.vms.named(key)?.object;
    const earlyMs = (notBeforeMs.get(key) ?? 0) - atMs;
    if (areClocksRight && vm && waiting.has(runStrategyOf(vm)) && earlyMs > 0)
      broken(`VirtualMachine ${key}`, `is started ${Math.round(earlyMs)} ms before a failed start is waited out`);
  };
  return {
    clock: () => {
      areClocksRight = false;
    },
    write: (write, atMs) => {
      const key = keyText(write.key);
      if (write.kind === "VirtualMachine") noteFailure(write, key);
      else if (write.kind === "VirtualMachineInstance") ofVmi(write, { key, atMs });
    },
  };
};
