// An instance runs once: no uid has two launcher containers that live.
import type { Invariant } from "./invariant.ts";

export const oneLauncher: Invariant = ({ broken }) => {
  const live = new Map<string, Set<string>>();
  return {
    container: ({ what, pod, vmi, node }) => {
      if (what === "starts") {
        const pods = live.get(vmi) ?? new Set();
        live.set(vmi, pods.add(pod));
        if (pods.size > 1) broken(`instance ${vmi}`, `gets a second launcher on ${node}: ${[...pods].join(" and ")}`);
      } else if (what === "ends" || what === "removed") live.get(vmi)?.delete(pod);
    },
  };
};
