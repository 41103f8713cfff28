// Whether and how a VM is stopped that somebody asks to stop.
import {
  graceSecondsOf,
  type RunStrategy,
  runStrategyOf,
  type StateChangeRequest,
  type VirtualMachineInstance,
} from "@knvirt/api";
import type { Change, Seen } from "./change.ts";
import type { Options } from "./options.ts";
import { conflict, isNotRunning, liveInstance, queued } from "./refusal.ts";

type Stop = (seen: Seen, options: Options) => Change;

/** What should run by itself stays off from now on, and what was asked for before is not to start it again. */
const halt: Stop = ({ vm }) => ({
  ...(vm.status?.stateChangeRequests?.length && { requests: [] }),
  spec: vm.spec.running === undefined ? { runStrategy: "Halted" } : { running: false },
});

const request: Stop = (seen) => ({ requests: queued(seen, [stopRequest(running(seen))]) });

const byStrategy: Record<RunStrategy, Stop> = {
  Always: halt,
  Once: halt,
  Manual: request,
  RerunOnFailure: request,
  // It is stopping already: all that is left to ask for is more haste.
  Halted: (seen, { graceSeconds }) => {
    const { spec } = running(seen);
    if (graceSeconds !== undefined && graceSeconds < graceSecondsOf(spec)) return {};
    throw conflict(
      seen,
      "VM is not running: it is Halted, and stops already; only a shorter gracePeriod can be given",
    );
  },
};

export function stopOf(options: Options): (seen: Seen) => Change {
  const { graceSeconds } = options;
  return (seen) => {
    const change = byStrategy[runStrategyOf(seen.vm)](seen, options);
    return liveInstance(seen) && graceSeconds !== undefined ? { ...change, ...hastened(seen, graceSeconds) } : change;
  };
}

export const stopRequest = ({ metadata: { uid } }: VirtualMachineInstance): StateChangeRequest => ({
  action: "Stop",
  ...(uid && { uid }),
});

/** A guest that has started knows how long it has; it can be given less. */
export function hastened(seen: Seen, graceSeconds: number): Pick<Change, "graceSeconds"> {
  const has = graceSecondsOf(running(seen).spec);
  if (graceSeconds > has)
    throw conflict(seen, `gracePeriod is longer than the guest was given: ${graceSeconds}, expected ${has} at most`);
  return { graceSeconds };
}

function running(seen: Seen): VirtualMachineInstance {
  const vmi = liveInstance(seen);
  if (!vmi) throw isNotRunning(seen);
  return vmi;
}
