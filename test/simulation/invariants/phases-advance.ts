// An instance goes through its phases once: never back, and never on from a final one.
import { phaseOf } from "@knvirt/api";
import { type Invariant, ofInstances } from "./invariant.ts";

const ranks: Record<string, number> = {
  Pending: 0,
  Scheduling: 1,
  Scheduled: 2,
  Running: 3,
  Succeeded: 4,
  Failed: 4,
};

export const phasesAdvance: Invariant = ({ broken }) => ({
  write: ofInstances(({ object, was, is }) => {
    if (!was || phaseOf(was) === phaseOf(is)) return;
    if ((ranks[phaseOf(is)] ?? 0) <= (ranks[phaseOf(was)] ?? 0))
      broken(object, `goes back from ${phaseOf(was)} to ${phaseOf(is)}`);
  }),
});
