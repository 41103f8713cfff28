// What of a VM's template the instance that runs was not made from.
import type { VirtualMachine, VirtualMachineInstance, VmiSpec } from "@knvirt/api";
import { isSame } from "../runtime/same.ts";
import { specOf } from "./instance.ts";

/** Said of a start, not of what runs. */
const ofStart = new Set<string>(["startStrategy"]);

/** Fields of spec.template.spec that differ. */
export function changedFields(vm: VirtualMachine, vmi: VirtualMachineInstance): string[] {
  const [wanted, made] = [comparable(vm, vmi), vmi.spec];
  const names = new Set([...Object.keys(wanted), ...Object.keys(made)] as (keyof VmiSpec)[]);
  return [...names].filter((name) => !ofStart.has(name) && !isSame(wanted[name], made[name])).toSorted();
}

/** An identity that the template leaves open is the one that the guest has. */
function comparable(vm: VirtualMachine, { spec }: VirtualMachineInstance): VmiSpec {
  const wanted = specOf(vm);
  if (vm.spec.template.spec.domain.firmware?.uuid !== undefined) return wanted;
  const { uuid: _open, ...firmware } = wanted.domain.firmware ?? {};
  const uuid = spec.domain.firmware?.uuid;
  const { firmware: _replaced, ...domain } = wanted.domain;
  const identity = { ...firmware, ...(uuid !== undefined && { uuid }) };
  return { ...wanted, domain: { ...domain, ...(spec.domain.firmware && { firmware: identity }) } };
}
