// Whether the guest's agent is there, and whether it can do what it is asked for.
import type { Condition } from "@knvirt/kubernetes";
import type { DomainState } from "@knvirt/proto";
import { type Observation, since } from "./conditions.ts";

/** More names than the agent's protocol has commands that are asked for. */
const mostNamed = 16;

export function agentConditions({ vmi, now }: Observation, { agentConnected, guest }: DomainState): Condition[] {
  if (!agentConnected) return [];
  const connected: Condition = { type: "AgentConnected", status: "True" };
  const missing = (guest?.missingCommands ?? []).filter((name) => /^[a-z-]{1,64}$/.test(name)).slice(0, mostNamed);
  const lacking: Condition = {
    type: "AgentVersionNotSupported",
    status: "True",
    reason: "CommandsMissing",
    message: `guest agent lacks commands that are asked for: ${missing.join(", ")}`,
  };
  return [connected, ...(missing.length > 0 ? [lacking] : [])].map((condition) => since(vmi, now, condition));
}
