// The VM as it would run: with all that it refers to put in its place. Nothing can be referred to yet but itself.
import { virtualMachines } from "@knvirt/api";
import { GatewayError } from "../errors.ts";
import type { Answer, Call } from "../subresource.ts";

export async function expandSpec({ client, wanted: { namespace, name } }: Call): Promise<Answer> {
  const vm = await client.find(virtualMachines, { namespace, name });
  if (vm) return { code: 200, body: vm };
  throw new GatewayError(404, `virtualmachines.kubevirt.io "${name}" not found in namespace ${namespace}`);
}
