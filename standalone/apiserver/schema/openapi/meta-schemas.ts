// The types of the API machinery that every document refers to.
import {
  apiVersionSchema,
  kindSchema,
  listMetaSchema,
  managedFieldsEntrySchema,
  objectMetaSchema,
  ownerReferenceSchema,
} from "../object-meta.ts";
import type { Schema } from "../schema.ts";
import { type GroupVersion, type GroupVersionKind, metaName } from "./names.ts";

/** A schema of a document: it may refer to others, and stand for kinds. */
export interface DocumentSchema extends Omit<Schema, "properties" | "items" | "additionalProperties" | "allOf"> {
  $ref?: string;
  allOf?: DocumentSchema[];
  properties?: Record<string, DocumentSchema>;
  items?: DocumentSchema;
  additionalProperties?: DocumentSchema | boolean;
  "x-kubernetes-group-version-kind"?: GroupVersionKind[];
}

const text = (description: string): DocumentSchema => ({ type: "string", description });

const int = (description: string, format = "int32"): DocumentSchema => ({ type: "integer", format, description });

/** Where the two versions of OpenAPI keep their schemas, and how they refer to one beside a description. */
export type Refer = (name: string, description?: string) => DocumentSchema;

const objectMeta = (refer: Refer): DocumentSchema => ({
  ...objectMetaSchema,
  properties: {
    ...objectMetaSchema.properties,
    ownerReferences: {
      ...objectMetaSchema.properties?.ownerReferences,
      items: refer(metaName("OwnerReference")),
    } as DocumentSchema,
    managedFields: {
      ...objectMetaSchema.properties?.managedFields,
      items: refer(metaName("ManagedFieldsEntry")),
    } as DocumentSchema,
  },
});

const statusCause: DocumentSchema = {
  type: "object",
  description: "One of the reasons why a request failed.",
  properties: {
    field: text("Path of the field that caused the failure."),
    message: text("What is wrong, for people."),
    reason: text("What is wrong, for programs."),
  },
};

const statusDetails = (refer: Refer): DocumentSchema => ({
  type: "object",
  description: "What a failure is about: the object, and the causes within it.",
  properties: {
    causes: {
      type: "array",
      description: "The causes of the failure, in no particular order.",
      items: refer(metaName("StatusCause")),
      "x-kubernetes-list-type": "atomic",
    },
    group: text("Group of the object the request was about."),
    kind: text("Kind of the object the request was about."),
    name: text("Name of the object the request was about."),
    retryAfterSeconds: int("After how many seconds to try again."),
    uid: text("UID of the object the request was about."),
  },
});

const status = (refer: Refer): DocumentSchema => ({
  type: "object",
  description: "Answer of a request that returns no object.",
  properties: {
    apiVersion: { ...apiVersionSchema },
    code: int("HTTP status code of the answer."),
    details: refer(metaName("StatusDetails"), "What the failure is about."),
    kind: { ...kindSchema },
    message: text("What happened, for people."),
    metadata: refer(metaName("ListMeta"), "Empty."),
    reason: text("Why the request failed, for programs."),
    status: text("Success or Failure."),
  },
  "x-kubernetes-group-version-kind": [{ group: "", kind: "Status", version: "v1" }],
});

const preconditions: DocumentSchema = {
  type: "object",
  description: "What must be true of an object for it to be deleted.",
  properties: {
    resourceVersion: text("The object must have this resource version."),
    uid: text("The object must have this UID."),
  },
};

const deleteOptions = (refer: Refer, groupVersions: GroupVersion[]): DocumentSchema => ({
  type: "object",
  description: "How an object is deleted.",
  properties: {
    apiVersion: { ...apiVersionSchema },
    dryRun: { type: "array", description: "All: nothing is stored.", items: { type: "string" } },
    gracePeriodSeconds: int("Seconds the object may take to end in order; 0 is at once.", "int64"),
    kind: { ...kindSchema },
    orphanDependents: { type: "boolean", description: "Old form of propagationPolicy: true is Orphan." },
    preconditions: refer(metaName("Preconditions"), "What must be true of the object."),
    propagationPolicy: text(
      "What happens to dependents: Orphan keeps them, Background deletes them afterwards, Foreground before.",
    ),
  },
  "x-kubernetes-group-version-kind": groupVersions.map((one) => ({ ...one, kind: "DeleteOptions" })),
});

/** Keyed by name. `groupVersions` are those of the document: each has its own DeleteOptions. */
export function metaSchemas(refer: Refer, groupVersions: GroupVersion[]): Record<string, DocumentSchema> {
  const schemas: Record<string, DocumentSchema> = {
    DeleteOptions: deleteOptions(refer, groupVersions),
    ListMeta: listMetaSchema,
    ManagedFieldsEntry: managedFieldsEntrySchema,
    ObjectMeta: objectMeta(refer),
    OwnerReference: ownerReferenceSchema,
    Patch: { type: "object", description: "A patch, in the format that the content type names." },
    Preconditions: preconditions,
    Status: status(refer),
    StatusCause: statusCause,
    StatusDetails: statusDetails(refer),
  };
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [metaName(type), schema]));
}
