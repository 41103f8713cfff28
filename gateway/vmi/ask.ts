// A verb for the guest: asked of the executor of its node when all that it requires holds.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { CallReply, CallRequest } from "@knvirt/proto";
import type { Call } from "../subresource.ts";
import { getVmi, type Requirement } from "./preconditions.ts";

export type Verb = NonNullable<CallRequest["verb"]>;

/** Throws GatewayError when a requirement is not met, or the guest's node does not do it. */
export async function askGuest(call: Call, requires: Requirement[], verb: Verb): Promise<CallReply> {
  return ask(call, await getFitting(call, requires), verb);
}

export async function getFitting(call: Call, requires: Requirement[]): Promise<VirtualMachineInstance> {
  const vmi = await getVmi(call);
  for (const require of requires) require(vmi);
  return vmi;
}

export function ask({ executors, wanted }: Call, { status }: VirtualMachineInstance, verb: Verb): Promise<CallReply> {
  const { namespace, name } = wanted;
  return executors.call({ namespace, name, verb }, status?.nodeName);
}
