// The validation rules of a schema: complete, and valid CEL.
import { compiledRules } from "../cel/compiled-rules.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import type { Schema, ValidationRule } from "../schema.ts";

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** `isCorrelatable` tells whether oldSelf can be found here: what lies within an atomic list has no identity. */
export function ruleProblems(schema: Schema, path: string, isCorrelatable: boolean): FieldError[] {
  return compiledRules(schema).flatMap(({ rule, condition, message }, i) => {
    const field = `${path}.x-kubernetes-validations[${i}]`;
    if (rule.rule.trim() === "") return [required(`${field}.rule`, "rule is not specified")];
    return [
      ...textProblems(rule, field),
      ...fieldPathProblems(schema, rule, field),
      ...("error" in condition
        ? [invalid(`${field}.rule`, rule.rule, condition.error)]
        : oldSelfProblems({ rule, field, isCorrelatable, usesOldSelf: condition.usesOldSelf })),
      ...(message && "error" in message
        ? [invalid(`${field}.messageExpression`, rule.messageExpression, message.error)]
        : []),
    ];
  });
}

function textProblems({ message, rule, reason }: ValidationRule, field: string): FieldError[] {
  const isBlank = message !== undefined && message !== "" && message.trim() === "";
  const isBroken = message?.trim().includes("\n");
  const isMissing = !message && rule.trim().includes("\n");
  const unknownReason = reason !== undefined && !reasons.includes(reason);
  return [
    ...(isBlank ? [invalid(`${field}.message`, message, "must be non-empty if specified")] : []),
    ...(isBroken ? [invalid(`${field}.message`, message, "must not contain line breaks")] : []),
    ...(isMissing ? [required(`${field}.message`, "message must be specified if rule contains line breaks")] : []),
    ...(unknownReason ? [notSupported(`${field}.reason`, reason, reasons)] : []),
  ];
}

interface OldSelfUse {
  rule: ValidationRule;
  field: string;
  isCorrelatable: boolean;
  usesOldSelf: boolean;
}

function oldSelfProblems({ rule, field, isCorrelatable, usesOldSelf }: OldSelfUse): FieldError[] {
  const uncorrelatable = "oldSelf cannot be used on the uncorrelatable portion of the schema";
  const unused = "may not be set if oldSelf is not used in rule";
  return [
    ...(usesOldSelf && !isCorrelatable ? [invalid(`${field}.rule`, rule.rule, uncorrelatable)] : []),
    ...(rule.optionalOldSelf && !usesOldSelf ? [invalid(`${field}.optionalOldSelf`, true, unused)] : []),
  ];
}

function fieldPathProblems(schema: Schema, { fieldPath }: ValidationRule, field: string): FieldError[] {
  if (fieldPath === undefined) return [];
  if (fieldPath.trim() === "") return [invalid(`${field}.fieldPath`, fieldPath, "must be non-empty if specified")];
  return names(schema, fieldPath) ? [] : [invalid(`${field}.fieldPath`, fieldPath, "must be a valid path")];
}

/** Whether a path such as `.spec['a.b']` leads to a field of the schema. */
function names(schema: Schema, fieldPath: string): boolean {
  const steps = /^(?:\.[^.[\]]+|\['(?:[^'\\]|\\.)+'\])+$/.test(fieldPath)
    ? [...fieldPath.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)+)'\]/g)]
    : [];
  const found = steps.reduce<Schema | undefined>((at, [, name, quoted = ""]) => {
    const key = name ?? quoted.replace(/\\(.)/g, "$1");
    if (at?.properties) return Object.hasOwn(at.properties, key) ? at.properties[key] : undefined;
    return typeof at?.additionalProperties === "object" ? at.additionalProperties : undefined;
  }, schema);
  return steps.length > 0 && found !== undefined;
}
