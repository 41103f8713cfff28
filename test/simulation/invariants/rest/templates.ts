// From which template each instance was made, and whether the VM says that it wants another by now.
import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import { annotation, isBeingDeleted, isFinal } from "@knvirt/api";
import { hasCondition } from "../invariant.ts";
import type { Follower } from "../ledger.ts";
import { controllerOf } from "../register.ts";

export interface Templates extends Required<Pick<Follower, "write">> {
  /** Answers with what is wrong, if anything. */
  wrong(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): string | undefined;
}

export function templatesOf(): Templates {
  /** By uid and generation of the VM, as text. */
  const texts = new Map<string, string>();
  /** Uids of instances with the VM that they were made for. */
  const makers = new Map<string, string>();
  return {
    write: ({ kind, before, after }) => {
      const { uid, generation } = after?.metadata ?? {};
      if (kind === "VirtualMachineInstance" && !before && after)
        makers.set(uid ?? "", controllerOf(after)?.uid ?? "");
      else if (kind === "VirtualMachine" && after && generation !== before?.metadata.generation)
        texts.set(`${uid} ${generation}`, JSON.stringify((after as VirtualMachine).spec.template.spec));
    },
    wrong: (vm, vmi) =>
      vmi && isLive(vmi) && makers.get(vmi.metadata.uid ?? "") === vm.metadata.uid
        ? wrongTemplate(vm, vmi, (generation) => texts.get(`${vm.metadata.uid} ${generation}`))
        : undefined,
  };
}

const isLive = (vmi: VirtualMachineInstance): boolean => !isFinal(vmi) && !isBeingDeleted(vmi);

/** A user who asked for a stop with another one, and then did not want it stopped any more. */
const hasOtherGrace = (vm: VirtualMachine, vmi: VirtualMachineInstance): boolean =>
  vm.spec.template.spec.terminationGracePeriodSeconds !== vmi.spec.terminationGracePeriodSeconds;

type TextAt = (generation: number | undefined) => string | undefined;

function wrongTemplate(vm: VirtualMachine, vmi: VirtualMachineInstance, textAt: TextAt): string | undefined {
  const made = textAt(Number(vmi.metadata.annotations?.[annotation.vmGeneration]));
  const isOther = made !== textAt(vm.metadata.generation) || hasOtherGrace(vm, vmi);
  if (hasCondition(vm, "RestartRequired") !== isOther)
    return `says ${isOther ? "not that" : "that"} its guest has to be restarted`;
  const { observedGeneration } = vm.status ?? {};
  if (textAt(observedGeneration) === made) return undefined;
  return `says that its guest is that of generation ${observedGeneration}, which it is not`;
}
