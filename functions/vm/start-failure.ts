// Starts in a row that failed, and how long the next one waits.
import {
  isBeingDeleted,
  isFinal,
  phaseOf,
  type RunStrategy,
  runStrategyOf,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmStatus,
} from "@knvirt/api";

type StartFailure = VmStatus["startFailure"];

const countingStrategies: RunStrategy[] = ["Always", "RerunOnFailure", "Once"];
export const longestBackoffSeconds = 300;

/** Counted once for each instance that ended without ever having run; forgotten when one runs. One that somebody deletes
 * while it starts has not failed. */
export function startFailureOf(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, now: Date): StartFailure {
  const before = vm.status?.startFailure;
  if (!countingStrategies.includes(runStrategyOf(vm))) return undefined;
  if (!vmi) return before;
  if (hasRun(vmi)) return undefined;
  if (isBeingDeleted(vmi)) return before;
  const { uid = "" } = vmi.metadata;
  if (!isFinal(vmi) || before?.lastFailedVMIUID === uid) return before;
  const count = (before?.consecutiveFailCount ?? 0) + 1;
  return {
    consecutiveFailCount: count,
    lastFailedVMIUID: uid,
    retryAfterTimestamp: new Date(now.getTime() + backoffSeconds(uid, count) * 1000).toISOString(),
  };
}

const hasRun = (vmi: VirtualMachineInstance): boolean =>
  phaseOf(vmi) === "Running" ||
  (vmi.status?.phaseTransitionTimestamps?.some(({ phase }) => phase === "Running") ?? false);

/** Ten seconds times the square of the count, up to half of it more, so that VMs do not retry in step; the same
 * instance always gets the same wait, so deciding twice changes nothing. */
export function backoffSeconds(uid: string, count: number): number {
  const base = 10 * count ** 2;
  return Math.min(longestBackoffSeconds, Math.round(base * (1 + 0.5 * fraction(`${uid}/${count}`))));
}

/** FNV-1a of the text, as a number from 0 up to 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
