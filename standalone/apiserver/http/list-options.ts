// What the query of a list or a watch may ask for, and what of it does not go together.
import { type FieldError, forbidden, notSupported } from "../schema/field-error.ts";
import { flagOf, integerOf, requireValid } from "./request-options.ts";

export interface ListOptions {
  /** 0 is no limit. */
  limit: number;
  continueToken: string;
  /** Empty where it is not given; whatever the client sent otherwise. */
  resourceVersion: string;
  match: "" | "Exact" | "NotOlderThan";
  /** Undefined where it is not given. */
  sendInitialEvents: boolean | undefined;
  timeoutSeconds: number;
}

export function listOptionsOf(query: URLSearchParams): ListOptions {
  const isWatch = flagOf(query, "watch");
  const options = {
    limit: Math.max(0, integerOf(query, "limit") ?? 0),
    continueToken: query.get("continue") ?? "",
    resourceVersion: query.get("resourceVersion") ?? "",
    match: query.get("resourceVersionMatch") ?? "",
    sendInitialEvents: query.has("sendInitialEvents") ? flagOf(query, "sendInitialEvents") : undefined,
    timeoutSeconds: Math.max(0, integerOf(query, "timeoutSeconds") ?? 0),
  };
  requireValid("ListOptions", isWatch ? watchErrors(options) : listErrors(options));
  return options as ListOptions;
}

type Given = Omit<ListOptions, "match"> & { match: string };

const matchField = "resourceVersionMatch";
const besideToken = forbidden(matchField, "resourceVersionMatch is forbidden when continue is provided");

function listErrors({ match, resourceVersion, continueToken, sendInitialEvents }: Given): FieldError[] {
  const errors: FieldError[] = [];
  const without = "resourceVersionMatch is forbidden unless resourceVersion is provided";
  if (match && !resourceVersion) errors.push(forbidden(matchField, without));
  if (match && continueToken) errors.push(besideToken);
  if (match && match !== "Exact" && match !== "NotOlderThan")
    errors.push(notSupported(matchField, match, ["Exact", "NotOlderThan", ""]));
  if (match === "Exact" && resourceVersion === "0")
    errors.push(forbidden(matchField, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  if (sendInitialEvents !== undefined)
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return errors;
}

function watchErrors({ match, continueToken, sendInitialEvents }: Given): FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== "NotOlderThan")
    errors.push(forbidden(matchField, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  if (!match) return errors;
  const without = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
  if (sendInitialEvents === undefined) errors.push(forbidden(matchField, without));
  if (match !== "NotOlderThan") errors.push(notSupported(matchField, match, ["NotOlderThan"]));
  if (continueToken) errors.push(besideToken);
  return errors;
}
