// What a row of the table of refusals is.
import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";

type Manifest = VirtualMachine | VirtualMachineInstance;

export interface Wanted {
  /** Row of upstream's inventory. */
  id: string;
  when: string;
  /** The field, from the manifest's root; for rows of a spec from the spec. */
  field: string;
  /** Contained in what is said of the field. */
  message: string;
}

/** Of a VMI's spec: holds for instances, and for the templates of VMs. */
export interface SpecRefusal extends Wanted {
  /** Laid over a small spec that is let through. */
  spec: object;
}

export interface ManifestRefusal extends Wanted {
  manifest: object;
}

/** A change of an object that is there. */
export interface ChangeRefusal extends Wanted {
  before: Manifest;
  change: object;
}
