// The metadata that the API machinery gives every object: its schema, and so its `kubectl explain` texts.
import type { Schema } from "./schema.ts";

const text = (description: string): Schema => ({ type: "string", description });
const time = (description: string): Schema => ({ type: "string", format: "date-time", nullable: true, description });
const integer = (description: string): Schema => ({ type: "integer", format: "int64", description });
const texts = (description: string): Schema => ({
  type: "object",
  additionalProperties: { type: "string" },
  description,
});

export const apiVersionSchema: Schema = text(
  "Group and version of the schema that this representation of the object follows, such as kubevirt.io/v1. " +
    "Objects of the core group carry the version alone.",
);

export const kindSchema: Schema = text(
  "Kind of object this is, in CamelCase. The server knows it from the endpoint the request was sent to; it cannot be " +
    "changed.",
);

export const ownerReferenceSchema: Schema = {
  type: "object",
  description: "Names an object that this one belongs to, in the same namespace or without one.",
  required: ["apiVersion", "kind", "name", "uid"],
  properties: {
    apiVersion: text("API version of the owner."),
    kind: text("Kind of the owner."),
    name: text("Name of the owner."),
    uid: text("UID of the owner."),
    controller: { type: "boolean", description: "Whether the owner is the controller that manages this object." },
    blockOwnerDeletion: {
      type: "boolean",
      description:
        "Whether a foreground deletion of the owner waits until this object is gone. Needs the owner's finalizer " +
        "foregroundDeletion to have an effect.",
    },
  },
  "x-kubernetes-map-type": "atomic",
};

export const managedFieldsEntrySchema: Schema = {
  type: "object",
  description: "The fields that one manager set through one API version and one kind of request.",
  properties: {
    manager: text("Who set the fields."),
    operation: text("Kind of request that set them: Apply or Update."),
    apiVersion: text("API version whose field names the entry uses."),
    time: time("When the entry was added or last changed."),
    fieldsType: text("Format of the field set. The only one is FieldsV1."),
    fieldsV1: {
      type: "object",
      description: "The set of fields, in the format FieldsV1.",
      "x-kubernetes-preserve-unknown-fields": true,
    },
    subresource: text("Subresource through which the fields were set; empty for the object itself."),
  },
};

const nameSchemas: Record<string, Schema> = {
  name: text(
    "Name of the object, unique among the objects of its kind in its namespace. It is given at creation and cannot be " +
      "changed.",
  ),
  generateName: text(
    "Prefix from which the server makes a unique name when no name is given. The server appends a random suffix.",
  ),
  namespace: text(
    "Namespace the object lives in; empty for kinds without namespaces. It cannot be changed after creation.",
  ),
};

const serverSchemas: Record<string, Schema> = {
  selfLink: text("Not filled in any more; kept so that old manifests stay valid."),
  uid: text(
    "Identity of this incarnation of the object: a successor of the same name has another. Set by the server.",
  ),
  resourceVersion: text(
    "Version of the stored object, opaque to clients. An update that names it fails when the object has changed since; " +
      "a watch that names it starts there.",
  ),
  generation: integer("Counts the changes of what is desired, that is of everything but metadata and status."),
  creationTimestamp: time("When the object was created. Set by the server."),
  deletionTimestamp: time(
    "When the deletion was requested, plus the grace period. The object disappears when its finalizers are gone. Set " +
      "by the server.",
  ),
  deletionGracePeriodSeconds: integer(
    "Seconds the object may take to end in order before it is removed. Set with the deletion; it can only shrink.",
  ),
};

const sharedSchemas: Record<string, Schema> = {
  labels: texts("Keys and values by which objects are organised and selected."),
  annotations: texts("Keys and values that tools store with the object. They cannot be selected by."),
  ownerReferences: {
    type: "array",
    description: "Objects that this one depends on: it is garbage collected when all of them are gone.",
    items: ownerReferenceSchema,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["uid"],
  },
  finalizers: {
    type: "array",
    description:
      "Work to be done before a deleted object may disappear. Each entry is removed by whoever has done that work; no " +
      "entry can be added once the object is being deleted.",
    items: { type: "string" },
    "x-kubernetes-list-type": "set",
  },
  managedFields: {
    type: "array",
    description: "Which manager set which fields. Kept by the server for server-side apply.",
    items: managedFieldsEntrySchema,
    "x-kubernetes-list-type": "atomic",
  },
};

export const objectMetaSchema: Schema = {
  type: "object",
  description: "What every stored object has: its name, identity, labels, owners and lifecycle.",
  properties: { ...nameSchemas, ...serverSchemas, ...sharedSchemas },
};

export const listMetaSchema: Schema = {
  type: "object",
  description: "What every list has: where it stands in the history of the collection, and how to continue it.",
  properties: {
    selfLink: text("Not filled in any more."),
    resourceVersion: text("Version of the collection at which the list was made; a watch can start there."),
    continue: text("Token to ask for the next page of a list that was cut by its limit; empty on the last page."),
    remainingItemCount: integer("How many items follow this page. Unknown when the list is filtered by selectors."),
  },
};
