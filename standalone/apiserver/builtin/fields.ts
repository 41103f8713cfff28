// Words for writing the schemas of built-in resources: one call per field, with the text that `kubectl explain` shows.
import type { Schema } from "../schema/schema.ts";

type Extra = Partial<Schema>;

export const text = (description: string, extra: Extra = {}): Schema => ({ type: "string", description, ...extra });

export const time = (description: string): Schema => ({ type: "string", format: "date-time", description });

export const integer = (description: string, extra: Extra = {}): Schema => ({
  type: "integer",
  format: "int64",
  description,
  ...extra,
});

export const flag = (description: string, extra: Extra = {}): Schema => ({ type: "boolean", description, ...extra });

export const oneOf = (description: string, values: readonly string[], extra: Extra = {}): Schema => ({
  type: "string",
  description,
  enum: [...values],
  ...extra,
});

export const fields = (description: string, properties: Record<string, Schema>, extra: Extra = {}): Schema => ({
  type: "object",
  description,
  properties,
  ...extra,
});

/** Any content: kept as it is. */
export const anything = (description: string): Schema => ({
  type: "object",
  description,
  "x-kubernetes-preserve-unknown-fields": true,
});

export const list = (description: string, items: Schema, extra: Extra = {}): Schema => ({
  type: "array",
  description,
  items,
  "x-kubernetes-list-type": "atomic",
  ...extra,
});

export const set = (description: string, items: Schema, extra: Extra = {}): Schema =>
  list(description, items, { "x-kubernetes-list-type": "set", ...extra });

/** A list whose entries are told apart, and merged, by these fields. */
export const listBy = (keys: string[], description: string, items: Schema): Schema =>
  list(description, items, { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys });

export const mapOf = (description: string, values: Schema, extra: Extra = {}): Schema => ({
  type: "object",
  description,
  additionalProperties: values,
  ...extra,
});

export const words = (description: string): Schema => list(description, { type: "string" });

export const quantity = (description: string): Schema => ({
  description,
  "x-kubernetes-int-or-string": true,
  pattern: "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$",
});

export const quantities = (description: string): Schema =>
  mapOf(description, quantity("Amount, such as 100m or 64Mi."));

export const conditions = (description: string, extra: Record<string, Schema> = {}): Schema =>
  listBy(
    ["type"],
    description,
    fields(
      "One observed aspect.",
      {
        type: text("What the condition is about."),
        status: oneOf("Whether it holds.", ["True", "False", "Unknown"]),
        reason: text("One word for why."),
        message: text("A sentence for people."),
        lastTransitionTime: time("When the status last changed."),
        ...extra,
      },
      { required: ["type", "status"] },
    ),
  );

export const objectReference = (description: string): Schema => ({
  ...fields(description, {
    apiVersion: text("API version of the object."),
    kind: text("Kind of the object."),
    namespace: text("Namespace of the object."),
    name: text("Name of the object."),
    uid: text("UID of the object."),
    resourceVersion: text("Version of the object that is meant."),
    fieldPath: text("Part of the object that is meant."),
  }),
  "x-kubernetes-map-type": "atomic",
});

/** The schema of a whole object; the machinery adds metadata. */
export const objectSchema = (
  description: string,
  properties: Record<string, Schema>,
  extra: Partial<Schema> = {},
): Schema => ({
  type: "object",
  description,
  properties: {
    metadata: { type: "object" },
    ...properties,
  },
  ...extra,
});
