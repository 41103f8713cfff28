// Two guests that write one disk destroy what is on it: no claim is open in two QEMUs.
import type { Invariant } from "./invariant.ts";

export const oneWriter: Invariant = ({ broken }) => {
  const writers = new Map<string, string>();
  return {
    disk: ({ what, claim, pod, node }) => {
      const writer = writers.get(claim);
      if (what === "closes") {
        if (writer === pod) writers.delete(claim);
      } else {
        if (writer !== undefined)
          broken(`PersistentVolumeClaim ${claim}`, `is opened by ${pod} on ${node} beside ${writer}`);
        writers.set(claim, pod);
      }
    },
  };
};
