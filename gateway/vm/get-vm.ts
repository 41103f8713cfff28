// The VM that a call is about, in the words that tools look for where there is none.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import type { Client, Key } from "@knvirt/kubernetes";
import { GatewayError } from "../errors.ts";

/** Throws 404. */
export async function getVm(client: Client, { namespace, name }: Required<Key>): Promise<VirtualMachine> {
  const vm = await client.find(virtualMachines, { namespace, name });
  if (vm) return vm;
  throw new GatewayError(404, `virtualmachines.kubevirt.io "${name}" not found in namespace ${namespace}`);
}
