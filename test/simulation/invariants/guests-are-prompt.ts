// When nothing goes wrong any more, no launcher waits for long to be asked to start its guest, and no guest runs for long
// without being told of.
import { isBeingDeleted, isFinal, isRunning } from "@knvirt/api";
import type { Invariant } from "./invariant.ts";
import type { ContainerFact, GuestFact } from "./ledger.ts";
import type { Register } from "./register.ts";

/** Longer than the longest pause between two sweeps, the first of which failed. */
const patienceMs = 300_000;

interface Launcher {
  vmi: string;
  isRunning: boolean;
  sinceMs: number;
}

export const guestsArePrompt: Invariant = ({ register, broken }) => {
  const launchers = new Map<string, Launcher>();
  let healedMs = Infinity;
  const judge = (pod: string, launcher: Launcher, atMs: number): void => {
    const { isRunning: runs, vmi, sinceMs } = launcher;
    if (atMs - Math.max(sinceMs, healedMs) < patienceMs || !isToRun(register, { pod, vmi, runs })) return;
    broken(
      `instance ${vmi}`,
      runs ? "runs, and is not told to" : "has a launcher that nobody asks to start its guest",
    );
  };
  return {
    run: (_fact, atMs) => {
      healedMs = atMs;
    },
    container: ({ what, pod, vmi }: ContainerFact, atMs) => {
      if (what === "starts") launchers.set(pod, { vmi, isRunning: false, sinceMs: atMs });
      else launchers.delete(pod); // it ends, or is told to
    },
    guest: ({ what, pod }: GuestFact, atMs) => {
      const launcher = launchers.get(pod);
      if (!launcher) return;
      launcher.sinceMs = atMs;
      if (what === "runs") launcher.isRunning = true;
      else if (what === "ends") launchers.delete(pod);
    },
    write: (_write, atMs) => {
      if (atMs - healedMs < patienceMs) return;
      for (const [pod, launcher] of launchers) judge(pod, launcher, atMs);
    },
  };
};

interface Waiting {
  pod: string;
  vmi: string;
  runs: boolean;
}

/** Nobody wants its end, and what there is to tell is not told yet. */
function isToRun({ vmis, pods }: Register, { pod, vmi, runs }: Waiting): boolean {
  const [object, launcher] = [vmis.get(vmi)?.object, pods.get(pod)];
  if (!object || !launcher || launcher.isGone || isBeingDeleted(launcher.object)) return false;
  if (isFinal(object) || isBeingDeleted(object)) return false;
  return !runs || !isRunning(object);
}
