// The definitions that a resource contributes to a document: the kind and its list.
import type { ResourceDefinition } from "../../resource.ts";
import { apiVersionSchema, kindSchema } from "../object-meta.ts";
import { resourceSchema } from "../resource-schema.ts";
import type { Schema } from "../schema.ts";
import type { DocumentSchema, Refer } from "./meta-schemas.ts";
import { definitionName, metaName } from "./names.ts";

/** Keyed by name. `convert` brings a schema into the form of the document. */
export function kindSchemas(
  definition: ResourceDefinition,
  refer: Refer,
  convert: (schema: Schema) => DocumentSchema,
): Record<string, DocumentSchema> {
  const { group, version, kind, listKind } = definition;
  const own = { group, version, kind };
  const list = { group, version, kind: listKind };
  const { metadata: _ours, ...properties } = resourceSchema(definition.schema).properties ?? {};
  const converted = convert({ ...definition.schema, properties });
  return {
    [definitionName(own)]: {
      ...converted,
      properties: {
        ...converted.properties,
        metadata: refer(metaName("ObjectMeta"), "Name, identity, labels, owners and lifecycle of the object."),
      },
      "x-kubernetes-group-version-kind": [own],
    },
    [definitionName(list)]: {
      type: "object",
      description: `List of objects of kind ${kind}.`,
      required: ["items"],
      properties: {
        apiVersion: { ...apiVersionSchema },
        items: { type: "array", description: "The objects.", items: refer(definitionName(own)) },
        kind: { ...kindSchema },
        metadata: refer(metaName("ListMeta"), "Where the list stands in the history of the collection."),
      },
      "x-kubernetes-group-version-kind": [list],
    },
  };
}

/** What the scale subresource of any resource answers with. */
export const scaleSchema = (refer: Refer): Record<string, DocumentSchema> => ({
  [definitionName({ group: "autoscaling", version: "v1", kind: "Scale" })]: {
    type: "object",
    description: "How many replicas an object should have, and has.",
    properties: {
      apiVersion: { ...apiVersionSchema },
      kind: { ...kindSchema },
      metadata: refer(metaName("ObjectMeta"), "Name and identity of the object."),
      spec: {
        type: "object",
        description: "What is wanted.",
        properties: { replicas: { type: "integer", format: "int32", description: "How many replicas to have." } },
      },
      status: {
        type: "object",
        description: "What is.",
        required: ["replicas"],
        properties: {
          replicas: { type: "integer", format: "int32", description: "How many replicas there are." },
          selector: { type: "string", description: "Label selector of the replicas." },
        },
      },
    },
    "x-kubernetes-group-version-kind": [{ group: "autoscaling", version: "v1", kind: "Scale" }],
  },
});
