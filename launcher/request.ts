// What the executor sends, checked: a launcher works for one VMI.
import type { VirtualMachineInstance } from "@knvirt/api";
import { LauncherError } from "./errors.ts";

/** Of the VMI that this launcher was made for. */
export interface Identity {
  namespace: string;
  name: string;
  uid: string;
}

export function parseVmi(json: string, expected: Identity): VirtualMachineInstance {
  const vmi = parse(json);
  const { namespace, name, uid } = vmi.metadata ?? {};
  if (namespace === expected.namespace && name === expected.name && uid === expected.uid) return vmi;
  const text = (of: Partial<Identity>): string => `${of.namespace}/${of.name} with uid ${of.uid}`;
  throw new LauncherError("InvalidRequest", `vmi is ${text({ ...vmi.metadata })}, expected ${text(expected)}`);
}

function parse(json: string): VirtualMachineInstance {
  try {
    const vmi: unknown = JSON.parse(json);
    if (typeof vmi === "object" && vmi !== null && "spec" in vmi) return vmi as VirtualMachineInstance;
  } catch (error) {
    throw new LauncherError("InvalidRequest", `vmi is no JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new LauncherError("InvalidRequest", "vmi is no object with a spec");
}
