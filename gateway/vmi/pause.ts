// Pausing and unpausing: the guest's processors stand still, and its memory stays.
import { setTimeout as sleep } from "node:timers/promises";
import type { VirtualMachineInstance } from "@knvirt/api";
import { isDryRun } from "../body.ts";
import { GatewayError } from "../errors.ts";
import type { Answer, PlainCall } from "../subresource.ts";
import { ask, getFitting, type Verb } from "./ask.ts";
import { getVmi, isPaused, mustBePaused, mustRun, type Requirement, textOf } from "./preconditions.ts";

const mustNotBePausedYet: Requirement = (vmi) => {
  if (isPaused(vmi)) throw new GatewayError(409, `${textOf(vmi)}: VMI is already paused`);
};

/** A guest that stands still would be found dead, and ended. A probe by the agent knows of the pause. */
const mustNotBeProbed: Requirement = (vmi) => {
  const { livenessProbe } = vmi.spec;
  if (livenessProbe && !livenessProbe.guestAgentPing)
    throw new GatewayError(
      403,
      `${textOf(vmi)}: Pausing VMIs with LivenessProbe is currently not supported: expected none, or guestAgentPing`,
    );
};

export const pause = (call: PlainCall): Promise<Answer> =>
  change(call, [mustRun, mustNotBePausedYet, mustNotBeProbed], { $case: "pause", value: {} });

export const unpause = (call: PlainCall): Promise<Answer> =>
  change(call, [mustRun, mustBePaused], { $case: "resume", value: {} });

async function change(call: PlainCall, requires: Requirement[], verb: Verb): Promise<Answer> {
  const dryRun = isDryRun(call.body);
  const vmi = await getFitting(call, requires);
  if (dryRun) return { code: 200 };
  await ask(call, vmi, verb);
  await told(call, vmi, verb.$case === "pause");
  return { code: 200 };
}

/** The guest's status follows at once; that its node cannot write now must not fail what was done. */
const [lookEachMs, lookForMs] = [50, 3_000];

/** Waits until others can see it: whoever pauses and unpauses in a row must not be told that it is not paused. */
async function told(call: PlainCall, { metadata }: VirtualMachineInstance, paused: boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < lookForMs; waitedMs += lookEachMs) {
    const seen = await getVmi(call).catch(() => undefined);
    if (!seen || seen.metadata.uid !== metadata.uid || isPaused(seen) === paused) return;
    await sleep(lookEachMs);
  }
}
