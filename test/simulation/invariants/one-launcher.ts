// An instance lives once: no uid has two launcher containers that live, and no pod is made for one that had a launcher
// already, as everybody could know: what ran there may run on.
import { phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import type { Invariant } from "./invariant.ts";
import { controllerOf } from "./register.ts";
import { isOurs } from "./users.ts";

/** Who decided on what was before has written by then, or found that he cannot. */
const knownAfterMs = 60_000;

export const oneLauncher: Invariant = ({ register, broken }) => {
  const live = new Map<string, Set<string>>();
  const leftPendingMs = new Map<string, number>();
  const noteVmi = (vmi: VirtualMachineInstance, atMs: number): void => {
    const { uid = "" } = vmi.metadata;
    if (phaseOf(vmi) !== "Pending" && !leftPendingMs.has(uid)) leftPendingMs.set(uid, atMs);
  };
  return {
    container: ({ what, pod, vmi, node }) => {
      if (what === "starts") {
        const pods = live.get(vmi) ?? new Set();
        live.set(vmi, pods.add(pod));
        if (pods.size > 1) broken(`instance ${vmi}`, `gets a second launcher on ${node}: ${[...pods].join(" and ")}`);
      } else if (what === "ends" || what === "removed") live.get(vmi)?.delete(pod);
    },
    write: ({ kind, user, before, after }, atMs) => {
      if (kind === "VirtualMachineInstance" && after) noteVmi(after as VirtualMachineInstance, atMs);
      if (kind !== "Pod" || before || !after || !isOurs(user)) return;
      const vmi = register.vmis.get(controllerOf(after)?.uid);
      if (vmi && atMs - (leftPendingMs.get(vmi.uid) ?? atMs) > knownAfterMs)
        broken(`VirtualMachineInstance ${vmi.key}`, `gets another launcher though it is ${phaseOf(vmi.object)}`);
    },
  };
};
