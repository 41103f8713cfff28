// What the query of a request may ask for; anything unreadable is refused by its name, worded as Kubernetes words it.
import { badRequest, invalid, type StatusCause } from "../errors.ts";
import type { WriteOptions } from "../lifecycle/write-options.ts";
import { type FieldError, forbidden, notSupported, required, tooLong } from "../schema/field-error.ts";
import { mediaType } from "./body.ts";
import type { Call } from "./call.ts";

export type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions" | "DeleteOptions" | "ListOptions";

/** Throws Invalid with all that is wrong with the options. */
export function requireValid(kind: OptionsKind, errors: FieldError[]): void {
  if (errors.length === 0) return;
  const causes = errors.map(({ type, field, message }): StatusCause => ({ reason: type, message, field }));
  throw invalid({ group: "meta.k8s.io", kind, name: "" }, causes);
}

export const dryRunErrors = (values: readonly string[]): FieldError[] =>
  values.every((value) => value === "All") ? [] : [notSupported("dryRun", [...values], ["All"])];

const validations: readonly string[] = ["", "Ignore", "Strict", "Warn"];
const applyType = "application/apply-patch+yaml";
const managerBytes = 128;

const kindsByMethod: Record<string, OptionsKind> = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
};

function writeErrors(call: Call, dryRun: string[]): FieldError[] {
  const { method, query, headers } = call;
  const [manager, validation] = [query.get("fieldManager") ?? "", query.get("fieldValidation") ?? ""];
  const applies = method === "PATCH" && mediaType(headers["content-type"]) === applyType;
  const forces = method === "PATCH" && !applies && query.has("force");
  return [
    ...(applies && manager === "" ? [required("fieldManager", "is required for apply patch")] : []),
    ...(forces ? [forbidden("force", "may not be specified for non-apply patch")] : []),
    ...(Buffer.byteLength(manager) > managerBytes ? [tooLong("fieldManager", managerBytes)] : []),
    ...dryRunErrors(dryRun),
    ...(validations.includes(validation) ? [] : [notSupported("fieldValidation", validation, [...validations])]),
  ];
}

/** As upstream: without a fieldManager the client's program name stands for it. */
const managerOf = ({ query, headers }: Call): string =>
  query.get("fieldManager") || (headers["user-agent"] ?? "").split("/")[0]?.slice(0, managerBytes) || "unknown";

export function writeOptionsOf(call: Call, subresource: WriteOptions["subresource"] = ""): WriteOptions {
  const dryRun = call.query.getAll("dryRun").filter((value) => value !== "");
  requireValid(kindsByMethod[call.method] ?? "UpdateOptions", writeErrors(call, dryRun));
  return {
    manager: managerOf(call),
    dryRun: dryRun.length > 0,
    fieldValidation: (call.query.get("fieldValidation") || "Warn") as WriteOptions["fieldValidation"],
    subresource,
    warn: call.warn,
  };
}

export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^[-+]?\d{1,15}$/.test(value))
    throw badRequest(`${name}: Invalid value: ${JSON.stringify(value)}: must be a number`);
  return Number(value);
}

export function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
