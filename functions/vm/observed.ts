// All that this function ever looks at.
import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import type { Refusal } from "../runtime/intents.ts";

export interface Observed {
  vm: VirtualMachine;
  /** The instance of the VM's name, whoever it belongs to. */
  vmi: VirtualMachineInstance | undefined;
  now: Date;
  refusal: Refusal | undefined;
}
