// How a schema is written here: TypeBox, so that type and CRD come from one line, in the subset that a CRD may carry.
import Type, { type Static, type TObject, type TProperties, type TSchema } from "typebox";

export interface Rule {
  rule: string;
  message: string;
  /** Says what `message` says, with what was found. */
  messageExpression?: string;
  fieldPath?: string;
  reason?: "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueRequired" | "FieldValueDuplicate";
}

/**
 * A message that says what was found where it has `%s`. The expression is put in by format: an API server takes the size
 * of a string that was joined from parts of a list for unbounded, and refuses the rule as too dear.
 */
export const found = (message: string, expression: string): Pick<Rule, "message" | "messageExpression"> => ({
  message: message.replace("%s", "..."),
  messageExpression: `${JSON.stringify(message)}.format([${expression}])`,
});

/** Keywords of structural schemas that JSON schema does not have. */
export interface Extras {
  default?: unknown;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  rules?: Rule[];
}

const keywords = ({ rules, ...rest }: Extras, description: string) => ({
  description,
  ...rest,
  ...(rules && { "x-kubernetes-validations": rules }),
});

export const object = <P extends TProperties>(description: string, properties: P, extras: Extras = {}): TObject<P> =>
  Type.Object(properties, keywords(extras, description));

export const text = (description: string, extras: Extras = {}) => Type.String(keywords(extras, description));
export const flag = (description: string, extras: Extras = {}) => Type.Boolean(keywords(extras, description));
export const integer = (description: string, extras: Extras = {}) =>
  Type.Integer({ format: "int64", ...keywords(extras, description) });

/** One word out of a fixed set. */
export const choice = <const T extends string[]>(words: T, description: string, extras: Extras = {}) =>
  Type.Unsafe<T[number]>({ type: "string", enum: words, ...keywords(extras, description) });

/** A Kubernetes quantity: a number with an optional suffix, such as 500m or 64Mi. */
export const quantity = (description: string) =>
  Type.Unsafe<string | number>({
    description,
    anyOf: [{ type: "integer" }, { type: "string" }],
    "x-kubernetes-int-or-string": true,
    pattern: "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([KMGTPE]i)|[mkMGTPE]|[eE]\\+?[0-9]+)?$",
  });

export const quantities = (description: string) =>
  Type.Unsafe<Record<string, string | number>>({
    type: "object",
    description,
    additionalProperties: quantity("Amount."),
  });

export const texts = (description: string) =>
  Type.Unsafe<Record<string, string>>({ type: "object", description, additionalProperties: { type: "string" } });

/** A list whose items are told apart by `keys`: appliers own items, not the whole list. */
export const listByKey = <S extends TSchema>(keys: string[], items: S, extras: Extras & { description: string }) =>
  Type.Unsafe<Static<S>[]>({
    type: "array",
    items,
    ...keywords(extras, extras.description),
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
  });

/** A list that is replaced as a whole. */
export const list = <S extends TSchema>(items: S, description: string, extras: Extras = {}) =>
  Type.Unsafe<Static<S>[]>({
    type: "array",
    items,
    ...keywords(extras, description),
    "x-kubernetes-list-type": "atomic",
  });

export const timestamp = (description: string) =>
  Type.Unsafe<string>({ type: "string", format: "date-time", nullable: true, description });

/** What upstream has and this project has not: it stays in the schema so that it is refused by its path, where an unknown
 * field would be dropped with no more than a warning. */
const refusal = (rule: string, message: string) => ({
  description: `Not supported: ${message}.`,
  "x-kubernetes-validations": [{ rule, message }],
});

/** A switch that can only be off. */
export const unsupportedFlag = (message: string) =>
  Type.Optional(Type.Unsafe<false>({ type: "boolean", ...refusal("!self", message) }));

/** A text that can only be left out. */
export const unsupportedText = (message: string) =>
  Type.Optional(Type.Unsafe<never>({ type: "string", ...refusal("false", message) }));

export const unsupportedObject = (message: string) =>
  Type.Optional(
    Type.Unsafe<never>({
      type: "object",
      ...refusal("false", message),
      "x-kubernetes-preserve-unknown-fields": true,
    }),
  );

/** A list that can only be empty. */
export const unsupportedList = (message: string) =>
  Type.Optional(
    Type.Unsafe<[]>({
      type: "array",
      items: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      ...refusal("size(self) == 0", message),
      "x-kubernetes-list-type": "atomic",
    }),
  );

export const { Optional: optional } = Type;
