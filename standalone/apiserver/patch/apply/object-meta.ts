// What every object carries beside its own schema: the types of ObjectMeta, as far as merging depends on them.
import type { Schema } from "../../schema/schema.ts";
import { fieldSetWith } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";

const text: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const textByName: Schema = { type: "object", additionalProperties: text };

const ownerReference: Schema = {
  type: "object",
  properties: {
    apiVersion: text,
    kind: text,
    name: text,
    uid: text,
    controller: { type: "boolean" },
    blockOwnerDeletion: { type: "boolean" },
  },
  "x-kubernetes-map-type": "atomic",
};

const objectMeta: Schema = {
  type: "object",
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: integer,
    creationTimestamp: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: integer,
    labels: textByName,
    annotations: textByName,
    ownerReferences: {
      type: "array",
      items: ownerReference,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
    },
    finalizers: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    managedFields: { type: "array", items: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
  },
};

/** Fields that an object and an `x-kubernetes-embedded-resource` have in common. */
const resourceProperties: Record<string, Schema> = { apiVersion: text, kind: text, metadata: objectMeta };

export const withResourceProperties = (schema: Schema): Schema => ({
  ...schema,
  type: "object",
  properties: { ...schema.properties, ...resourceProperties },
});

const metadata = (name: string): string[] => [fieldElement("metadata"), fieldElement(name)];

/** Fields that say which object it is, or that the server writes: nobody owns them. */
export const identityFields = fieldSetWith(
  [fieldElement("apiVersion")],
  [fieldElement("kind")],
  [fieldElement("metadata")],
  metadata("name"),
  metadata("namespace"),
  metadata("creationTimestamp"),
  metadata("selfLink"),
  metadata("uid"),
  metadata("clusterName"),
  metadata("generation"),
  metadata("managedFields"),
  metadata("resourceVersion"),
);
