// Evaluates one validation rule at one place of an object, and words its refusal as Kubernetes does.
import { EvaluationError, Optional } from "@marcbachmann/cel-js";
import { duplicate, type FieldError, forbidden, invalid, required } from "../field-error.ts";
import { childPath } from "../json.ts";
import type { JsonValue, Schema } from "../schema.ts";
import type { Budget } from "./budget.ts";
import type { Expression } from "./compile.ts";
import { type CompiledRule, ruleMessage, ruleName } from "./compiled-rules.ts";
import { celValue } from "./values.ts";

interface Evaluation {
  rule: CompiledRule;
  schema: Schema;
  value: JsonValue;
  old: JsonValue | undefined;
  path: string;
  unchanged: boolean;
  budget: Budget;
}

export function ruleError(given: Evaluation): FieldError[] {
  const { condition, rule } = given.rule;
  if ("error" in condition) return [invalid(given.path, typeName(given), `rule compile error: ${condition.error}`)];
  if (!applies(given, condition)) return [];
  try {
    return condition.evaluate(variables(given), given.budget) === true ? [] : [refusal(given)];
  } catch (error) {
    if (given.budget.left < 0) return [];
    if (!(error instanceof Error)) throw error;
    return [invalid(given.path, typeName(given), evaluationProblem(error, ruleName(rule)))];
  }
}

/** A transition needs a predecessor, unless the rule asks to see that there is none. */
function applies({ rule, old, unchanged }: Evaluation, { usesOldSelf }: Expression): boolean {
  if (!usesOldSelf) return !unchanged;
  return old !== undefined && old !== null ? true : rule.rule.optionalOldSelf === true;
}

function variables({ rule, schema, value, old }: Evaluation): { self: unknown; oldSelf?: unknown } {
  const self = celValue(schema, value);
  const hasOld = old !== undefined && old !== null;
  if (rule.rule.optionalOldSelf)
    return { self, oldSelf: hasOld ? Optional.of(celValue(schema, old)) : Optional.none() };
  return hasOld ? { self, oldSelf: celValue(schema, old) } : { self };
}

function evaluationProblem(error: Error, rule: string): string {
  const problem = lowerFirst(error instanceof EvaluationError ? error.summary : error.message);
  return problem.startsWith("no such overload") || problem.startsWith("found no matching overload")
    ? `'${problem}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`
    : `${problem} evaluating rule: ${rule}`;
}

const lowerFirst = (text: string): string => text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

function refusal(given: Evaluation): FieldError {
  const { rule, path } = { ...given, rule: given.rule.rule };
  const field = rule.fieldPath === undefined ? path : joined(path, rule.fieldPath);
  const detail = expressedMessage(given) ?? ruleMessage(rule);
  const value = typeof given.value === "object" ? undefined : given.value;
  if (rule.reason === "FieldValueForbidden") return forbidden(field, detail);
  if (rule.reason === "FieldValueRequired") return required(field, detail);
  return rule.reason === "FieldValueDuplicate" ? duplicate(field, value) : invalid(field, value, detail);
}

/** `.spec.a` and `['a']` are relative to where the rule stands. */
function joined(path: string, fieldPath: string): string {
  const relative = fieldPath.replace(
    /\['((?:[^'\\]|\\.)*)'\]/g,
    (_whole, key: string) => `[${key.replace(/\\(.)/g, "$1")}]`,
  );
  return relative.startsWith(".") ? childPath(path, relative.slice(1)) : `${path}${relative}`;
}

/** Undefined when there is none, when it fails, or when what it says is unusable; then the plain message serves. */
function expressedMessage(given: Evaluation): string | undefined {
  const { message } = given.rule;
  if (!message || "error" in message) return undefined;
  try {
    const text = message.evaluate(variables(given), given.budget);
    return isUsable(text) ? text.trim() : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

const maxMessageLength = 5 * 1024;

const isUsable = (text: unknown): text is string =>
  typeof text === "string" && text.trim() !== "" && !text.includes("\n") && text.length <= maxMessageLength;

const typeName = ({ schema }: Evaluation): string => schema.type ?? "";
