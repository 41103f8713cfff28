// An instance lives once: no uid has two launcher containers that live, and no pod is made for one that had a launcher
// already, as far as anybody was told: what ran there may run on.
import { phaseOf } from "@knvirt/api";
import type { Invariant } from "./invariant.ts";
import { controllerOf } from "./register.ts";
import { isOurs } from "./users.ts";

export const oneLauncher: Invariant = ({ register, broken }) => {
  const live = new Map<string, Set<string>>();
  return {
    container: ({ what, pod, vmi, node }) => {
      if (what === "starts") {
        const pods = live.get(vmi) ?? new Set();
        live.set(vmi, pods.add(pod));
        if (pods.size > 1) broken(`instance ${vmi}`, `gets a second launcher on ${node}: ${[...pods].join(" and ")}`);
      } else if (what === "ends" || what === "removed") live.get(vmi)?.delete(pod);
    },
    write: ({ kind, user, before, after }) => {
      if (kind !== "Pod" || before || !after || !isOurs(user)) return;
      const vmi = register.vmis.get(controllerOf(after)?.uid);
      if (vmi && phaseOf(vmi.object) !== "Pending")
        broken(`VirtualMachineInstance ${vmi.key}`, `gets another launcher though it is ${phaseOf(vmi.object)}`);
    },
  };
};
