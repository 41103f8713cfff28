// Bugs in the node executor.
import type { Bug } from "../bug.ts";

const folder = "node-executor";

export const executorBugs: readonly Bug[] = [
  {
    name: "executor-status-without-version",
    file: `${folder}/act.ts`,
    find: "metadata: { namespace, name, resourceVersion }, status };",
    replace: "metadata: { namespace, name, ...(resourceVersion === '' && { resourceVersion }) }, status };",
    why: "an old look overwrites how the instance ended",
  },
  {
    name: "executor-speaks-for-successor",
    file: `${folder}/observe.ts`,
    find: "vmi: vmi && isMadeFor(pod, vmi) ? vmi : undefined,",
    replace: "vmi: vmi && (isMadeFor(pod, vmi) || vmi.metadata.uid) ? vmi : undefined,",
    why: "the next instance of the name is told to run in the pod of the one before",
  },
  {
    name: "running-before-it-runs",
    file: `${folder}/reconcile.ts`,
    find: "return domain && hasRun(domain) ? reportRunning(observed, domain) : bringUp(observed);",
    replace: "return domain && isReady(observed.pod) ? reportRunning(observed, domain) : bringUp(observed);",
    why: "an instance is called Running because its pod is ready",
    invariant: "runningIsTrue",
  },
  {
    name: "ended-guest-looked-after",
    file: `${folder}/reconcile.ts`,
    find: "if (isFinal(vmi) || (domain && hasEnded(domain))) return [];",
    replace: "if (domain && hasEnded(domain)) return [];",
    why: "an instance that ended is called Running again",
  },
  {
    name: "failed-start-not-tried-again",
    file: `${folder}/reconcile.ts`,
    find: "...(wait > 0 ? [lookAgain(wait)] : prepareAndStart(observed))];",
    replace: "...(wait > 0 ? [] : prepareAndStart(observed))];",
    why: "a guest that could not be started once is never started",
  },
  {
    name: "change-during-a-look-lost",
    file: `${folder}/queue.ts`,
    find: "if (entry.again) add(key);\n    else if",
    replace: "if",
    why: "what happens while a pod is looked at is not looked at",
  },
  {
    name: "failed-look-not-repeated",
    file: `${folder}/queue.ts`,
    find: "return Math.min(longestPauseMs, 250 * 2 ** Math.min(entry.failures, 10));",
    replace: "return entry.failures < 0 ? longestPauseMs : undefined;",
    why: "a look that failed while the API server was away is not repeated",
  },
  {
    name: "looks-never-again",
    file: `${folder}/queue.ts`,
    find: "delete entry.running;",
    replace: "",
    why: "a pod that was looked at once is not looked at again",
  },
];
