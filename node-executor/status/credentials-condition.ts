// Whether keys and passwords that only the agent can bring into the guest are there.
import { credentialsByAgent } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import type { DomainState } from "@knvirt/proto";
import { type Observation, since } from "./conditions.ts";

const type = "AccessCredentialsSynchronized";
const longestMessage = 512;

/** None where there is nothing to be brought. */
export function credentialsConditions({ vmi, now }: Observation, domain: DomainState): Condition[] {
  if (credentialsByAgent(vmi.spec).length === 0) return [];
  return [since(vmi, now, credentialsCondition(domain))];
}

function credentialsCondition({ agentConnected, guest }: DomainState): Condition {
  const { isSynchronized, message } = guest?.accessCredentials ?? notYet(agentConnected);
  if (isSynchronized) return { type, status: "True" };
  const text = message.slice(0, longestMessage).toWellFormed();
  return { type, status: "False", reason: "AccessCredentialsSyncFailed", message: text };
}

const notYet = (agentConnected: boolean) => ({
  isSynchronized: false,
  message: agentConnected
    ? "guest agent was not asked to take them yet"
    : "guest agent is not connected: expected qemu-guest-agent to run in the guest",
});
