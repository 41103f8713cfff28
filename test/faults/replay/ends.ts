// Where the last wishes of a plan's users leave its VMs, and which plans one machine cannot play: a row for each plan.

export type End = "running" | "paused" | "stopped" | "gone";
export type Ends = Record<string, readonly End[]>;

/** By plan and VM; more than one where it depends on who came first at the same moment. */
export const ends: Record<string, Ends> = {
  "all-events-are-lost": { "vm-1": ["stopped"], "vm-2": ["running"] },
  "deaths-at-each-write-of-a-start": { "vm-1": ["running"] },
  "first-pod-is-told-of-when-the-second-is-there": { "vm-3": ["running"], "vm-4": ["running"] },
  "gateway-dies-between-the-writes-of-a-stop": { "vm-1": ["stopped"] },
  "instance-is-deleted-right-after-its-start": { "vm-1": ["stopped"] },
  "paused-start-while-the-last-instance-goes": { "vm-3": ["paused"] },
  "strategy-switches-between-two-reads": { "vm-1": ["running"], "vm-2": ["running", "stopped"] },
  "vm-finds-an-instance-that-is-going": { "vmi-1": ["running"] },
  "vm-is-deleted-and-created-at-once": { "vm-1": ["running"] },
  "vm-is-started-again-between-two-reads": { "vm-1": ["running"] },
};

/** And why: without what is missing nothing that matters is left of them. */
export const notPlayed: Record<string, string> = {
  "node-is-cut-off-and-comes-back": "there is no second node, and no network between the node and the API server",
  "node-is-heard-of-before-its-pods-are": "there is no network between the node and the API server",
  "node-is-lost-for-good": "there is no second node, and the power is everybody's",
  "wait-is-told-by-a-wrong-clock": "the clock is the machine's",
  "pod-ends-without-its-label": "no write of the pod runner can be made to arrive late",
  "pod-is-refused-for-a-while": "the API server of one machine has no quota that refuses a pod",
  "clocks-differ-while-starts-are-refused": "the clock is the machine's, and there is one function process",
  "collector-stands-still-before-it-deletes": "there is no second node, and no collector of pods",
  "stop-leaves-somebody-elses-instance-alone":
    "an instance that is nobody's VM's has no end here; gateway/vm/run.spec.ts asks a real gateway",
};

/** Throws where nobody has said it. */
export function endsOf(plan: string): Ends {
  const found = ends[plan];
  if (!found)
    throw new Error(
      `regression ${plan} has no row in test/faults/replay/ends.ts: expected where its users leave its VMs, or why one machine cannot play it`,
    );
  return found;
}
