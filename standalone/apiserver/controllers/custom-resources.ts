// Serves what CustomResourceDefinitions bring, from the commit that stores the definition to the one that removes it.
import { type CustomResourceVersion, specOf } from "../builtin/custom-resource-spec.ts";
import { servedResource } from "../catalog.ts";
import type { Catalog, Machinery } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import { apiVersionOf, type PrinterColumn, type ResourceDefinition } from "../resource.ts";
import type { Schema } from "../schema/index.ts";
import type { Change } from "../storage/version.ts";

export const definitionsStored = "customresourcedefinitions.apiextensions.k8s.io";

/** Their users are told of every field that would have no effect. */
const refusesUnknownFields = (group: string): boolean => group === "kubevirt.io" || group.endsWith(".kubevirt.io");

function definitionOf(crd: KubernetesObject, version: CustomResourceVersion): ResourceDefinition {
  const { group, names, scope } = specOf(crd);
  const { kind, plural, singular = kind.toLowerCase(), listKind = `${kind}List` } = names;
  const { status, scale } = version.subresources ?? {};
  return {
    ...{ group, version: version.name, kind, listKind, plural, singular },
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === "Namespaced",
    schema: version.schema?.openAPIV3Schema as Schema,
    subresources: { status: status !== undefined, ...(scale && { scale }) },
    columns: (version.additionalPrinterColumns ?? []) as PrinterColumn[],
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    refuseUnknownFields: refusesUnknownFields(group),
  };
}

function serveDefinition(catalog: Catalog, crd: KubernetesObject): void {
  const { group, versions } = specOf(crd);
  const storage = versions.find((version) => version.storage)?.name ?? "";
  for (const version of versions.filter(({ served }) => served)) {
    const definition = definitionOf(crd, version);
    const storedApiVersion = apiVersionOf({ group, version: storage });
    catalog.add(servedResource({ definition, storedApiVersion, strategy: {} }));
  }
}

function withdrawDefinition(catalog: Catalog, crd: KubernetesObject): void {
  const { group, names, versions } = specOf(crd);
  for (const { name } of versions) catalog.remove({ group, version: name, plural: names.plural });
}

/** Called once, before the first request. */
export function followDefinitions({ store, catalog }: Machinery): void {
  for (const { version } of store.read.list({ resource: definitionsStored }))
    serveDefinition(catalog, version.object);
  store.onCommit((changes) => {
    for (const change of changes) if (change.key.resource === definitionsStored) follow(catalog, change);
  });
}

function follow(catalog: Catalog, { type, version, previous }: Change): void {
  if (type === "MODIFIED" && isSameSpec(previous?.object, version.object)) return;
  if (previous) withdrawDefinition(catalog, previous.object);
  if (type !== "DELETED") serveDefinition(catalog, version.object);
}

const isSameSpec = (before: KubernetesObject | undefined, after: KubernetesObject): boolean =>
  JSON.stringify(before?.spec) === JSON.stringify(after.spec);
