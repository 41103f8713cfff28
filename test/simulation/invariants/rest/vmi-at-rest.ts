// What an instance has to say when nothing happens any more: what is so on its node.
import { finalizer, isFinal, isRunning, phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { hasCondition } from "../invariant.ts";
import type { Living } from "./truth.ts";

export interface Lying {
  vmi: VirtualMachineInstance;
  /** Of the name of its launcher. */
  pod: Pod | undefined;
  /** That pod is not its own. */
  isForeign: boolean;
  /** What lives of it. */
  living: Living | undefined;
}

/** Answers with what is wrong, if anything. */
export function wrongVmi(lying: Lying): string | undefined {
  const { vmi, living } = lying;
  if (isFinal(vmi)) return living && `is ${phaseOf(vmi)}, and its launcher lives on ${living.node}`;
  if (!vmi.metadata.finalizers?.includes(finalizer.vmi)) return "is not held by its finalizer";
  return isRunning(vmi) ? wrongRunning(vmi, living) : wrongWaiting(lying);
}

function wrongRunning(vmi: VirtualMachineInstance, living: Living | undefined): string | undefined {
  if (living?.guest !== "running" && living?.guest !== "paused") return "is Running, and its guest is not there";
  const { nodeName } = vmi.status ?? {};
  if (nodeName !== living.node) return `is said to be on ${nodeName}, and runs on ${living.node}`;
  const isReady = hasCondition(vmi, "Ready");
  if (isReady === (living.guest === "running")) return undefined;
  return `is called ${isReady ? "" : "not "}ready, and its guest is ${living.guest}`;
}

function wrongWaiting({ vmi, pod, isForeign, living }: Lying): string | undefined {
  if (living && living.guest !== "none") return `is ${phaseOf(vmi)}, and its guest is ${living.guest}`;
  // No node has room for it, or somebody else has its launcher's name.
  return isForeign || hasCondition(pod, "PodScheduled", "False") ? undefined : `is ${phaseOf(vmi)} for good`;
}
