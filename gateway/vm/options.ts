// What the body of a start, stop or restart says; an empty one says nothing.
import { type Body, isDryRun } from "../body.ts";
import { GatewayError } from "../errors.ts";

export interface Options {
  dryRun: boolean;
  /** Of a start: the guest is made, and waits. */
  paused?: boolean;
  /** How long the guest has to end; 0 is by force. */
  graceSeconds?: number;
}

export const startOptions = (body: Body): Options => {
  const paused = body.paused ?? false;
  if (typeof paused !== "boolean") throw invalid("paused", paused, "true or false");
  return { dryRun: isDryRun(body), paused };
};

export const stopOptions = (body: Body): Options => ({ dryRun: isDryRun(body), ...graceIn(body, "gracePeriod") });

export function restartOptions(body: Body): Options {
  const grace = graceIn(body, "gracePeriodSeconds");
  if (grace.graceSeconds)
    throw invalid("gracePeriodSeconds", grace.graceSeconds, "0, or none for an orderly restart");
  return { dryRun: isDryRun(body), ...grace };
}

function graceIn(body: Body, field: string): Pick<Options, "graceSeconds"> {
  const grace = body[field] ?? undefined;
  if (grace === undefined) return {};
  if (typeof grace !== "number" || !Number.isInteger(grace) || grace < 0)
    throw invalid(field, grace, "a number of seconds, 0 or more");
  return { graceSeconds: grace };
}

const invalid = (field: string, found: unknown, expected: string): GatewayError =>
  new GatewayError(400, `${field} is invalid: ${JSON.stringify(found)}, expected ${expected}`);
