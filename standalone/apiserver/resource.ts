// What the API server knows of one served resource, whether built in or brought by a CustomResourceDefinition.
import type { Schema } from "./schema/schema.ts";

/** A printer column, as in a CustomResourceDefinition's `additionalPrinterColumns`. */
export interface PrinterColumn {
  name: string;
  type: "integer" | "number" | "string" | "boolean" | "date";
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

export interface ResourceDefinition {
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  /** Schema of the whole object; `metadata` in it is a bare object, the machinery knows its fields. */
  schema: Schema;
  subresources: {
    status: boolean;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  columns: PrinterColumn[];
  /** JSON paths usable in a field selector beside metadata.name and metadata.namespace. */
  selectableFields: string[];
  /** Fields that the schema does not know are refused whatever the client's fieldValidation says. */
  refuseUnknownFields?: boolean;
}

/** The name that messages and `details.kind` of a Status use: `pods`, `virtualmachines.kubevirt.io`. */
export const groupResource = ({ plural, group }: { plural: string; group: string }): string =>
  group ? `${plural}.${group}` : plural;

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version;
