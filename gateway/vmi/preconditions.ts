// What must hold of an instance before something is asked of its guest. Pure; in the words that tools look for.
import { isFinal, phaseOf, type VirtualMachineInstance, virtualMachineInstances } from "@knvirt/api";
import { GatewayError } from "../errors.ts";
import type { Call } from "../subresource.ts";

/** The instance that is asked for. Throws 404. */
export async function getVmi({ client, wanted }: Call): Promise<VirtualMachineInstance> {
  const { namespace, name } = wanted;
  const vmi = await client.find(virtualMachineInstances, { namespace, name });
  if (vmi) return vmi;
  throw new GatewayError(
    404,
    `virtualmachineinstances.kubevirt.io "${name}" not found: no VM of this name runs in namespace ${namespace}`,
  );
}

export const textOf = ({ metadata }: VirtualMachineInstance): string =>
  `virtualmachineinstance ${metadata.namespace}/${metadata.name}`;

export const has = (vmi: VirtualMachineInstance, condition: string): boolean =>
  vmi.status?.conditions?.some(({ type, status }) => type === condition && status === "True") ?? false;

export const isPaused = (vmi: VirtualMachineInstance): boolean => has(vmi, "Paused");

export type Requirement = (vmi: VirtualMachineInstance) => void;

const refused = (vmi: VirtualMachineInstance, why: string): GatewayError =>
  new GatewayError(409, `${textOf(vmi)}: ${why}`);

export const mustRun: Requirement = (vmi) => {
  if (phaseOf(vmi) !== "Running") throw refused(vmi, `VMI is not running: it is ${phaseOf(vmi)}, expected Running`);
};

/** As it is for verbs that need nothing but a guest whose node is known. */
export const mustBeOnNode: Requirement = (vmi) => {
  const phase = phaseOf(vmi);
  if (isFinal(vmi)) throw refused(vmi, `VMI is not running: it is ${phase}, expected Running or Scheduled`);
  if (phase !== "Running" && phase !== "Scheduled")
    throw new GatewayError(400, `${textOf(vmi)}: VMI is not running: it is ${phase}, wait for Running`);
};

export const mustNotBePaused: Requirement = (vmi) => {
  if (isPaused(vmi)) throw refused(vmi, "VMI is paused: unpause it first");
};

export const mustBePaused: Requirement = (vmi) => {
  if (!isPaused(vmi)) throw refused(vmi, "VMI is not paused");
};

export const mustHaveAgent: Requirement = (vmi) => {
  if (!has(vmi, "AgentConnected"))
    throw refused(vmi, "VMI does not have guest agent connected: install qemu-guest-agent in the guest");
};
