// Whether and how a VM is started that somebody asks to start.
import { isFinal, phaseOf, type RunStrategy, runStrategyOf, type StateChangeRequest } from "@knvirt/api";
import type { Change, Seen } from "./change.ts";
import type { Options } from "./options.ts";
import { conflict, isStarted, queued } from "./refusal.ts";

type Start = (seen: Seen, wish: StateChangeRequest) => Change;

const byStrategy: Record<RunStrategy, Start> = {
  // A VM that is to wait is started by the function, which then sets the strategy itself.
  Halted: (seen, wish) =>
    wish.data
      ? { requests: queued(seen, [wish]) }
      : { spec: seen.vm.spec.running === undefined ? { runStrategy: "Always" } : { running: true } },
  Manual: (seen, wish) => ({ requests: queued(seen, [...clearing(seen), wish]) }),
  RerunOnFailure: (seen, wish) => {
    if (seen.vmi && phaseOf(seen.vmi) === "Failed")
      throw conflict(
        seen,
        "RerunOnFailure does not support starting VM from failed state: it is started again by itself",
      );
    return { requests: queued(seen, [...clearing(seen), wish]) };
  },
  Always: (seen) => refuse(seen, "Always", "it is started by itself"),
  Once: (seen) => refuse(seen, "Once", "it is started once, by itself"),
};

export function startOf({ paused }: Options): (seen: Seen) => Change {
  const wish: StateChangeRequest = { action: "Start", ...(paused && { data: { paused: "true" } }) };
  return (seen) => {
    const started = isStarted(seen);
    if (started) throw started;
    return byStrategy[runStrategyOf(seen.vm)](seen, wish);
  };
}

/** An instance that has ended is in the way of the next one. */
const clearing = ({ vmi }: Seen): StateChangeRequest[] =>
  vmi && isFinal(vmi) ? [{ action: "Stop", ...(vmi.metadata.uid && { uid: vmi.metadata.uid }) }] : [];

function refuse(seen: Seen, strategy: RunStrategy, why: string): never {
  throw conflict(seen, `${strategy} does not support manual start requests: ${why}`);
}
