// Which generation of the VM its instance stands for. They speak of the instance that exists or existed last.
import { annotation, type VmStatus } from "@knvirt/api";
import type { Observed } from "./observed.ts";
import { changedFields } from "./template.ts";

export function generations({ vm, vmi }: Observed): Pick<VmStatus, "observedGeneration" | "desiredGeneration"> {
  const { observedGeneration, desiredGeneration } = vm.status ?? {};
  const observed = vmi ? observedOf({ vm, vmi }) : observedGeneration;
  const desired = vmi ? vm.metadata.generation : desiredGeneration;
  return {
    ...(observed !== undefined && { observedGeneration: observed }),
    ...(desired !== undefined && { desiredGeneration: desired }),
  };
}

/** The one it was made from, or a later one that wants no other guest. */
function observedOf({ vm, vmi }: { vm: Observed["vm"]; vmi: NonNullable<Observed["vmi"]> }): number | undefined {
  const { generation } = vm.metadata;
  if (generation !== undefined && changedFields(vm, vmi).length === 0) return generation;
  const madeFrom = Number(vmi.metadata.annotations?.[annotation.vmGeneration]);
  const known = [madeFrom, vm.status?.observedGeneration].filter((one) => one !== undefined && Number.isInteger(one));
  return known.length > 0 ? Math.max(...(known as number[])) : undefined;
}
