// What is kept of a launcher's word on its guest: of each list no more entries than a guest has, and no endless text. What
// it then means is checked where it is used. Pure.
import type { DomainState } from "@knvirt/proto";

/** The journal of a launcher has 32 events, its agent tells of 64 interfaces; a pod has no room for as many disks. */
const mostEntries = 256;
const longestText = 1024;

export const boundedState = (state: DomainState): DomainState => bounded(state) as DomainState;

function bounded(value: unknown): unknown {
  if (typeof value === "string")
    return value.length > longestText ? value.slice(0, longestText).toWellFormed() : value;
  // The last ones: lists of events grow at their end.
  if (Array.isArray(value)) return value.slice(-mostEntries).map(bounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, bounded(inner)]));
}
