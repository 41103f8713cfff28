// What the query of a request may ask for; anything unreadable is refused by its name.
import { badRequest } from "../errors.ts";
import type { WriteOptions } from "../lifecycle/write-options.ts";
import type { Call } from "./call.ts";

export function dryRunOf(values: readonly string[]): boolean {
  const wrong = values.find((value) => value !== "All");
  if (wrong !== undefined)
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`);
  return values.length > 0;
}

const validations: readonly string[] = ["Strict", "Warn", "Ignore"];

function fieldValidationOf(query: URLSearchParams): WriteOptions["fieldValidation"] {
  const value = query.get("fieldValidation") || "Warn";
  if (!validations.includes(value))
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(value)}: supported values: ${validations}`,
    );
  return value as WriteOptions["fieldValidation"];
}

/** As upstream: without a fieldManager the client's program name stands for it. */
function managerOf({ query, headers }: Call): string {
  const named = query.get("fieldManager");
  if (named && named.length > 128) throw badRequest("fieldManager: Too long: may not be more than 128 bytes");
  return named || (headers["user-agent"] ?? "").split("/")[0]?.slice(0, 128) || "unknown";
}

export const writeOptionsOf = (call: Call, subresource: WriteOptions["subresource"] = ""): WriteOptions => ({
  manager: managerOf(call),
  dryRun: dryRunOf(call.query.getAll("dryRun").filter((value) => value !== "")),
  fieldValidation: fieldValidationOf(call.query),
  subresource,
  warn: call.warn,
});

export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^\d{1,15}$/.test(value))
    throw badRequest(`${name}: Invalid value: ${JSON.stringify(value)}: must be a number`);
  return Number(value);
}

export function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
