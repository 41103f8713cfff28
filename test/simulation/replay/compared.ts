// The model's answer beside a server's: where they differ once both are in the server's terms, and what explains it.
import { type Differing, differing } from "../../compare/answer/differing.ts";
import type { Found } from "../../compare/differences.ts";
import { group } from "../../compare/request/kinds.ts";
import type { Answer, Json } from "../../compare/server/server.ts";
import { explanationOf } from "./differences.ts";
import type { Recorded } from "./recording.ts";
import type { Terms } from "./terms.ts";

export interface Judged extends Differing {
  /** The id of what explains it. */
  because: string | undefined;
}

export interface Comparison {
  /** What was recorded, in the server's terms. */
  expected: Recorded;
  answer: Answer;
  /** What the answer says otherwise than earlier ones did. */
  contradictions: readonly Differing[];
}

export function compared({ expected, answer, contradictions }: Comparison, { isSameTime }: Terms): Judged[] {
  const { request } = expected;
  const answers = { embedded: asAnswer(expected), real: comparable(answer) };
  const step = {
    ...{ method: request.method, path: request.path.replace("/apis/kubevirt.io/", `/apis/${group}/`) },
    ...(request.contentType && { contentType: request.contentType }),
    body: request.body,
  };
  const differences = differencesOf(answers).filter(({ embedded, real }) => !isSameTime(embedded, real));
  return [...contradictions, ...differences].map((one) => {
    const found: Found = { ...one, step, answers };
    return { ...one, because: explanationOf(found)?.id };
  });
}

const asAnswer = ({ code, body }: Recorded): Answer => comparable({ code, body, warnings: [] });

function differencesOf({ embedded, real }: Found["answers"]): Differing[] {
  if (embedded.code !== real.code) return [{ path: "code", embedded: embedded.code, real: said(real) }];
  if (embedded.code >= 400) return differing(embedded.body?.reason, real.body?.reason, "body.reason");
  // What it says of a deletion is an object or that it succeeded: that of the model is never read.
  if (real.body?.kind === "Status" || embedded.body?.kind === "Status")
    return differing(embedded.body?.kind, real.body?.kind, "body.kind");
  return differing(embedded.body, real.body, "body");
}

const said = ({ code, body }: Answer): string => `${code} ${body?.message ?? ""}`;

/** 201 and 202 are 200 here, and what stands in no order of its own is sorted. */
const comparable = ({ code, body, warnings }: Answer): Answer => ({
  code: code < 300 ? 200 : code,
  body: code < 300 ? comparableBody(body) : body,
  warnings,
});

function comparableBody(body: Json): Json {
  if (!Array.isArray(body?.items)) return comparableObject(body);
  // A list tells where the whole history stands, to which the server itself has added.
  const { resourceVersion: _, ...metadata } = body.metadata;
  return { ...body, metadata, items: body.items.map(comparableObject) };
}

/** Entries of one second stand in an order of their own: they are told apart by whose they are. */
function comparableObject(object: Json): Json {
  const entries: Json[] | undefined = object?.metadata?.managedFields;
  if (!entries) return object;
  const owned = entries.map(({ manager, operation, subresource = "object", time: _, ...rest }) => [
    `${manager}, ${operation} of ${subresource}`,
    rest,
  ]);
  return { ...object, metadata: { ...object.metadata, managedFields: Object.fromEntries(owned) } };
}
