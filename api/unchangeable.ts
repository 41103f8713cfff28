// What of an instance's spec may change once it exists: the time its guest has to end may become less, and nothing else.
import type { TProperties } from "typebox";
import type { Rule } from "./schema.ts";

const grace = "terminationGracePeriodSeconds";
const usualGraceSeconds = 30;

/** A field that holds what we do not know is refused where it is given, and cannot be looked at here. */
const isKnown = (schema: object): boolean => !("x-kubernetes-preserve-unknown-fields" in schema);

export function unchangeable(properties: TProperties): Rule {
  const fixed = Object.keys(properties).filter((name) => name !== grace && isKnown(properties[name] ?? {}));
  const graceOf = (spec: string): string => `(has(${spec}.${grace}) ? ${spec}.${grace} : ${usualGraceSeconds})`;
  return {
    rule: [...fixed.map(isSame), `${graceOf("self")} <= ${graceOf("oldSelf")}`].join(" && "),
    message: "update of VMI object is restricted: the spec of an instance cannot be changed",
    reason: "FieldValueForbidden",
  };
}

const isSame = (name: string): string =>
  `(has(self.${name}) ? has(oldSelf.${name}) && self.${name} == oldSelf.${name} : !has(oldSelf.${name}))`;
