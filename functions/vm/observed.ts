// All that this function ever looks at.
import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import type { PersistentVolumeClaim } from "@knvirt/kubernetes";
import type { Refusal } from "../runtime/intents.ts";

export interface Observed {
  vm: VirtualMachine;
  /** The instance of the VM's name, whoever it belongs to. */
  vmi: VirtualMachineInstance | undefined;
  /** Those of the template's claims that exist; read only while the instance is starting. */
  claims: PersistentVolumeClaim[];
  now: Date;
  refusal: Refusal | undefined;
}
