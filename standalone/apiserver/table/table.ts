// meta.k8s.io/v1 Table: what kubectl get prints.
import type { ServedResource } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import type { TableColumn, TableColumns } from "./columns.ts";
import { printerColumns } from "./printer-columns.ts";

export type IncludeObject = "None" | "Metadata" | "Object";

interface TableRequest {
  objects: KubernetesObject[];
  include: IncludeObject;
  withColumns: boolean;
  metadata: object;
}

export function tableOf(resource: ServedResource, { objects, include, withColumns, metadata }: TableRequest) {
  const { columns, cells } = columnsOf(resource);
  const now = new Date();
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: withColumns ? columns.map(columnDefinition) : [],
    rows: objects.map((object) => ({ cells: cells(object, now), ...shown(object, include) })),
  };
}

// A resource's columns are compiled once; a changed definition is another resource.
const compiled = new WeakMap<ServedResource, TableColumns>();

function columnsOf(resource: ServedResource): TableColumns {
  const known = compiled.get(resource) ?? resource.table ?? printerColumns(resource.definition.columns);
  compiled.set(resource, known);
  return known;
}

const columnDefinition = ({ name, type, format = "", description = "", priority = 0 }: TableColumn) => ({
  ...{ name, type, format, description, priority },
});

function shown({ metadata, ...rest }: KubernetesObject, include: IncludeObject): { object?: object } {
  if (include === "None") return {};
  if (include === "Object") return { object: { ...rest, metadata } };
  return { object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata } };
}
