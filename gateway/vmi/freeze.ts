// Freezing the guest's file systems for a while, and thawing them, by its agent.
import { GatewayError } from "../errors.ts";
import type { Answer, PlainCall } from "../subresource.ts";
import { askGuest } from "./ask.ts";
import { mustHaveAgent, mustRun } from "./preconditions.ts";

export async function freeze(call: PlainCall): Promise<Answer> {
  const timeoutSeconds = secondsOf(call.body.unfreezeTimeout);
  await askGuest(call, [mustRun, mustHaveAgent], { $case: "freeze", value: { timeoutSeconds } });
  return { code: 200 };
}

export async function unfreeze(call: PlainCall): Promise<Answer> {
  await askGuest(call, [mustRun, mustHaveAgent], { $case: "thaw", value: {} });
  return { code: 200 };
}

const unitSeconds = { h: 3_600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 } as const;
const duration = /^(?:\d+(?:\.\d+)?(?:h|ms|us|µs|ns|m|s))+$/;

/** Of a frozen guest, which is of no use to anybody; far below what the field of the message holds. */
const longestSeconds = 7 * 86_400;

/** As Go writes durations: 5m0s. Part of a second counts as a whole one. 0s is for ever, and so has to be said. */
export function secondsOf(text: unknown): number {
  const invalid = (expected: string): GatewayError =>
    new GatewayError(400, `unfreezeTimeout is invalid: ${JSON.stringify(text) ?? "none"}, expected ${expected}`);
  if (typeof text !== "string" || !duration.test(text)) throw invalid("a duration such as 5m0s");
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g);
  const seconds = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit as "s"], 0);
  if (seconds > longestSeconds) throw invalid(`at most ${longestSeconds / 3_600}h, or 0s for no end`);
  return Math.ceil(seconds);
}
