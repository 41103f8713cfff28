// Bugs in when the function vm starts and stops instances, and what becomes of requests.
import type { Bug } from "../bug.ts";

const folder = "functions/vm";

export const runStrategyBugs: readonly Bug[] = [
  {
    name: "ended-instance-stays",
    file: `${folder}/run-strategy.ts`,
    find: "if (!vmi) return startAfterBackoff(vm, now);\n    return isFinal(vmi) || stopRequested",
    replace: "if (!vmi) return startAfterBackoff(vm, now);\n    return stopRequested",
    why: "a VM that is to run always does not come back",
    invariant: "endIsAsWished",
  },
  {
    name: "halted-goes-on",
    file: `${folder}/run-strategy.ts`,
    find: "if (vmi) return stop(vm, vmi);\n    if (!pausedStart",
    replace: "if (vmi && isFinal(vmi)) return stop(vm, vmi);\n    if (!pausedStart",
    why: "a VM that is halted runs on",
  },
  {
    name: "manual-starts-by-itself",
    file: `${folder}/run-strategy.ts`,
    find: "if (!vmi) return startRequested(vm) ? start(vm) : [];",
    replace: 'if (!vmi) return startRequested(vm) || vm.status?.printableStatus === "Stopping" ? start(vm) : [];',
    why: "a VM that was stopped starts again",
  },
  {
    name: "manual-replaces-what-ended",
    file: `${folder}/run-strategy.ts`,
    find: "if (!vmi) return startRequested(vm) ? start(vm) : [];\n    return stopRequested(vm, vmi)",
    replace:
      "if (!vmi) return startRequested(vm) ? start(vm) : [];\n    return isFinal(vmi) || stopRequested(vm, vmi)",
    why: "an instance that ended by itself is to be left in place",
  },
  {
    name: "stop-without-uid",
    file: `${folder}/requests.ts`,
    find: 'first(vm)?.action === "Stop" && uid !== undefined && first(vm)?.uid === uid;',
    replace: 'first(vm)?.action === "Stop" && uid !== undefined;',
    why: "a restart stops the next instance, too",
    invariant: "stopsAreCaused",
  },
  {
    name: "requests-stay",
    file: `${folder}/requests.ts`,
    find: "const remaining = firstOpen === -1 ? queue && [] : queue?.slice(firstOpen);",
    replace: "const remaining = firstOpen === -1 ? queue : queue?.slice(firstOpen);",
    why: "a request that is done is done again",
  },
  {
    name: "requests-dropped-together",
    file: `${folder}/requests.ts`,
    find: "const remaining = firstOpen === -1 ? queue && [] : queue?.slice(firstOpen);",
    replace: "const remaining = firstOpen === 0 ? queue : queue && [];",
    why: "the start of a restart is dropped with its stop",
  },
  {
    name: "start-done-by-one-that-goes",
    file: `${folder}/requests.ts`,
    find: "return !isFinal(vmi) && !isBeingDeleted(vmi);",
    replace: "return true;",
    why: "a start is taken for done though its instance is on its way out",
  },
  {
    name: "start-waits-for-a-live-one",
    file: `${folder}/requests.ts`,
    find: 'if (runStrategyOf(vm) === "Manual") return true;',
    replace: "",
    why: "a start whose instance ended before anybody saw it live is never done",
    invariant: "vmIsAsTold",
  },
  {
    name: "paused-start-dropped",
    file: `${folder}/requests.ts`,
    find: "(vmi && !isFinal(vmi) ? [] : queue.filter(isPausedStart));",
    replace: "(vmi ? [] : queue.filter(isPausedStart));",
    why: "a paused start is dropped while the instance before it is still going",
  },
  {
    name: "rerun-after-success",
    file: `${folder}/requests.ts`,
    find: 'if (runStrategyOf(vm) !== "RerunOnFailure" || phaseOf(vmi) !== "Failed") return false;',
    replace: 'if (runStrategyOf(vm) !== "RerunOnFailure" || !isFinal(vmi)) return false;',
    why: "a guest that ended in order is started again",
  },
  {
    name: "no-rerun",
    file: `${folder}/requests.ts`,
    find: 'return vmi && rerun(vm, vmi) ? [...(remaining ?? []), { action: "Start" }] : remaining;',
    replace: 'return vmi && rerun(vm, vmi) && !remaining ? [{ action: "Start" }] : remaining;',
    why: "a guest that failed is not started again",
  },
];
