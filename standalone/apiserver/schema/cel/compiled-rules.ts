// The rules of a schema, compiled once.
import type { Schema, ValidationRule } from "../schema.ts";
import { type CompileError, compile, type Expression } from "./compile.ts";

export interface CompiledRule {
  rule: ValidationRule;
  condition: Expression | CompileError;
  message?: Expression | CompileError;
}

// Memo of a pure function: a schema is never changed once the server has accepted it.
const memo = new WeakMap<Schema, CompiledRule[]>();

export function compiledRules(schema: Schema): CompiledRule[] {
  const known = memo.get(schema);
  if (known) return known;
  const rules = (schema["x-kubernetes-validations"] ?? []).map(compileRule);
  memo.set(schema, rules);
  return rules;
}

function compileRule(rule: ValidationRule): CompiledRule {
  const { messageExpression, optionalOldSelf } = rule;
  const condition = compile(rule.rule, { resultType: "bool", optionalOldSelf });
  if (messageExpression === undefined) return { rule, condition };
  return { rule, condition, message: compile(messageExpression, { resultType: "string", optionalOldSelf }) };
}

/** What a refusal says when no messageExpression does. */
export const ruleMessage = ({ message, rule }: ValidationRule): string =>
  message ? message.trim() : `failed rule: ${rule.trim()}`;

/** What a rule is called when it could not be evaluated. */
export const ruleName = ({ message, rule }: ValidationRule): string => (message || rule).trim();
