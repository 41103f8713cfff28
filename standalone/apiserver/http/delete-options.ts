// How a deletion was asked for: in the body, or in the query where there is no body, never in both.
import { badRequest } from "../errors.ts";
import type { DeleteOptions, PropagationPolicy } from "../lifecycle/delete.ts";
import type { ResourceCall } from "../machinery.ts";
import { isRecord } from "../object.ts";
import { type FieldError, invalid, notSupported } from "../schema/field-error.ts";
import { decodeObject, mediaType, objectTypes } from "./body.ts";
import { dryRunErrors, flagOf, integerOf, requireValid } from "./request-options.ts";

interface Sent {
  gracePeriodSeconds: number | undefined;
  propagationPolicy: string | undefined;
  orphanDependents: boolean | undefined;
  preconditions: { uid: string | undefined; resourceVersion: string | undefined };
  dryRun: string[];
}

const policies = ["Foreground", "Background", "Orphan"];

export async function deleteOptionsOf(call: ResourceCall): Promise<DeleteOptions> {
  const body = await call.body();
  const sent = body.length > 0 ? fromBody(call, body) : fromQuery(call.query);
  requireValid("DeleteOptions", errorsOf(sent));
  const { gracePeriodSeconds: grace, propagationPolicy, orphanDependents } = sent;
  return {
    ...{ orphanDependents, preconditions: sent.preconditions, dryRun: sent.dryRun.length > 0 },
    propagationPolicy: propagationPolicy as PropagationPolicy | undefined,
    // As upstream: less than nothing is the shortest there is.
    gracePeriodSeconds: grace !== undefined && grace < 0 ? 1 : grace,
  };
}

function errorsOf({ propagationPolicy: policy, orphanDependents, dryRun }: Sent): FieldError[] {
  const field = "propagationPolicy";
  return [
    ...(policy !== undefined && orphanDependents !== undefined
      ? [invalid(field, policy, "orphanDependents and deletionPropagation cannot be both set")]
      : []),
    ...(policy !== undefined && !policies.includes(policy)
      ? [notSupported(field, policy, [...policies, "nil"])]
      : []),
    ...dryRunErrors(dryRun),
  ];
}

function fromQuery(query: URLSearchParams): Sent {
  return {
    gracePeriodSeconds: integerOf(query, "gracePeriodSeconds"),
    propagationPolicy: query.get("propagationPolicy") ?? undefined,
    orphanDependents: query.has("orphanDependents") ? flagOf(query, "orphanDependents") : undefined,
    preconditions: { uid: undefined, resourceVersion: undefined },
    dryRun: query.getAll("dryRun").filter((value) => value !== ""),
  };
}

function fromBody({ headers }: ResourceCall, body: Buffer): Sent {
  const sent = decodeObject(body, mediaType(headers["content-type"]), objectTypes);
  if (sent.kind !== undefined && sent.kind !== "DeleteOptions")
    throw badRequest(`expected DeleteOptions in the body, found ${JSON.stringify(sent.kind)}`);
  const preconditions = isRecord(sent.preconditions) ? sent.preconditions : {};
  return {
    gracePeriodSeconds: read(sent, "gracePeriodSeconds", aNumber),
    propagationPolicy: read(sent, "propagationPolicy", aText),
    orphanDependents: read(sent, "orphanDependents", aFlag),
    preconditions: {
      uid: read(preconditions, "uid", aText),
      resourceVersion: read(preconditions, "resourceVersion", aText),
    },
    dryRun: read(sent, "dryRun", texts) ?? [],
  };
}

interface Expected {
  words: string;
  fits(value: unknown): boolean;
}

const aNumber: Expected = { words: "a number", fits: Number.isSafeInteger };
const aText: Expected = { words: "a string", fits: (value) => typeof value === "string" };
const aFlag: Expected = { words: "a boolean", fits: (value) => typeof value === "boolean" };
const texts: Expected = {
  words: "a list of strings",
  fits: (value) => Array.isArray(value) && value.every(aText.fits),
};

function read<Value>(record: Record<string, unknown>, field: string, expected: Expected): Value | undefined {
  const value = record[field] ?? undefined;
  if (value === undefined || expected.fits(value)) return value as Value | undefined;
  throw badRequest(`${field}: Invalid value: ${JSON.stringify(value)}: must be ${expected.words}`);
}
