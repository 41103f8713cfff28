// Whether a restart would bring the guest something that it has not: the condition RestartRequired.
import { annotation, isBeingDeleted, isFinal } from "@knvirt/api";
import type { Aspect } from "../runtime/conditions.ts";
import type { Observed } from "./observed.ts";
import { changedFields } from "./template.ts";

/** Nothing changes in a guest that runs yet, so every change of the template waits. */
export function restartRequired({ vm, vmi }: Observed): Aspect | undefined {
  if (!vmi || isFinal(vmi) || isBeingDeleted(vmi)) return undefined;
  // Whatever others made of the instance when it was created is no change of the template.
  if (vmi.metadata.annotations?.[annotation.vmGeneration] === `${vm.metadata.generation}`) return undefined;
  const changed = changedFields(vm, vmi);
  if (changed.length === 0) return undefined;
  const fields = changed.map((name) => `spec.template.spec.${name}`).join(", ");
  return {
    type: "RestartRequired",
    status: "True",
    reason: "TemplateChanged",
    message: `${fields} changed since the guest was started: restart the virtual machine`,
  };
}
