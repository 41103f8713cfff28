// What a call changes of a VM: decided on what was seen, and written only while that still holds.
import {
  type StateChangeRequest,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { type Client, isConflict, isControlledByOther, isNotFound, type Key, keyOf } from "@knvirt/kubernetes";
import { GatewayError } from "../errors.ts";
import { getVm } from "./get-vm.ts";

export interface Seen {
  vm: VirtualMachine;
  /** The VM's own, or one of its name that nobody controls: the function adopts that. */
  vmi: VirtualMachineInstance | undefined;
  /** The instance of the VM's name that somebody else controls: whoever may stop the VM may not touch that. */
  foreign?: VirtualMachineInstance;
}

export interface Change {
  /** What is left in the VM's status for the function to act on; a failed start is not waited out any more. */
  requests?: StateChangeRequest[];
  spec?: Pick<VirtualMachine["spec"], "running" | "runStrategy">;
  /** How long the guest that runs has to end. */
  graceSeconds?: number;
}

export interface Asked {
  client: Client;
  vm: Required<Key>;
  dryRun: boolean;
}

/** Others write the same objects; when they do so this often in a row, the caller may try again. */
const mostAttempts = 8;

/** Throws GatewayError when the decision refuses, and 404 when there is no such VM. */
export async function changeVm(asked: Asked, decide: (seen: Seen) => Change): Promise<void> {
  const change = await untilCurrent(asked, async () => {
    const seen = await look(asked);
    const decided = decide(seen);
    await write(asked, seen.vm, decided);
    return { ...decided, uid: seen.vmi?.metadata.uid };
  });
  if (change.graceSeconds !== undefined) await hurry(asked, change.uid, change.graceSeconds);
}

async function untilCurrent<T>({ vm }: Asked, once: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (let attempt = 0; attempt < mostAttempts; attempt++)
    try {
      return await once();
    } catch (error) {
      if (!isConflict(error)) throw error;
      last = error;
    }
  const message = `virtualmachine ${vm.namespace}/${vm.name} changes all the time: nothing was done, try again`;
  throw new GatewayError(409, message, { cause: last });
}

async function look({ client, vm: key }: Asked): Promise<Seen> {
  const [vm, vmi] = await Promise.all([getVm(client, key), client.find(virtualMachineInstances, key)]);
  return seenOf(vm, vmi);
}

export function seenOf(vm: VirtualMachine, named: VirtualMachineInstance | undefined): Seen {
  return named && isControlledByOther(named, vm) ? { vm, vmi: undefined, foreign: named } : { vm, vmi: named };
}

/** The requests first: a spec that says Halted beside a wish to start would not last. */
async function write(asked: Asked, vm: VirtualMachine, { requests, spec }: Change): Promise<void> {
  const { client, dryRun } = asked;
  let { resourceVersion } = vm.metadata;
  if (requests) {
    const status = { stateChangeRequests: requests, startFailure: null };
    const patch = { metadata: { resourceVersion }, status };
    const written = await client.mergePatch(virtualMachines, keyOf(vm), { patch, subresource: "status", dryRun });
    if (!dryRun) resourceVersion = written.metadata.resourceVersion;
  }
  const patch = { metadata: { resourceVersion }, spec };
  if (spec) await client.mergePatch(virtualMachines, keyOf(vm), { patch, dryRun });
}

/** Last, so that nothing has to be taken back. An instance that is gone meanwhile needs no hurry. */
async function hurry(asked: Asked, uid: string | undefined, graceSeconds: number): Promise<void> {
  const { client, vm: key, dryRun } = asked;
  await untilCurrent(asked, async () => {
    const vmi = await client.find(virtualMachineInstances, key);
    if (!vmi || vmi.metadata.uid !== uid) return;
    const { resourceVersion } = vmi.metadata;
    const patch = { metadata: { resourceVersion }, spec: { terminationGracePeriodSeconds: graceSeconds } };
    try {
      await client.mergePatch(virtualMachineInstances, key, { patch, dryRun });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
}
