// Booting the guest again: by the reset button, which does not ask, or by asking.
import { GatewayError } from "../errors.ts";
import type { Answer, PlainCall } from "../subresource.ts";
import { askGuest } from "./ask.ts";
import { has, mustBeOnNode, mustNotBePaused, mustRun, type Requirement, textOf } from "./preconditions.ts";

/** By the agent, else by the power button. */
export const mustHear: Requirement = (vmi) => {
  if (vmi.spec.domain.features?.acpi?.enabled !== false || has(vmi, "AgentConnected")) return;
  const message = `${textOf(vmi)}: VMI has neither the agent connected nor the ACPI feature enabled`;
  throw new GatewayError(409, `${message}: reset it instead`);
};

export async function reset(call: PlainCall): Promise<Answer> {
  await askGuest(call, [mustBeOnNode], { $case: "reset", value: {} });
  return { code: 200 };
}

export async function softReboot(call: PlainCall): Promise<Answer> {
  await askGuest(call, [mustRun, mustNotBePaused, mustHear], { $case: "softReboot", value: {} });
  return { code: 200 };
}
