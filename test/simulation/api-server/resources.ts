// What the model serves: the embedded API server's definitions of Kubernetes' own kinds, and ours from their
// CustomResourceDefinitions. Unlike there, fields that a definition does not know are kept.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";
import { configMaps, leases, secrets, serviceAccounts } from "../../../standalone/apiserver/builtin/configuration.ts";
import { type CustomResourceSpec, specOf } from "../../../standalone/apiserver/builtin/custom-resource-spec.ts";
import { coreEvents } from "../../../standalone/apiserver/builtin/events.ts";
import { namespaces } from "../../../standalone/apiserver/builtin/namespaces.ts";
import { nodes } from "../../../standalone/apiserver/builtin/nodes.ts";
import { persistentVolumeClaims } from "../../../standalone/apiserver/builtin/persistent-volume-claims.ts";
import { pods } from "../../../standalone/apiserver/builtin/pods/index.ts";
import { storageClasses } from "../../../standalone/apiserver/builtin/storage-classes.ts";
import { servedResource } from "../../../standalone/apiserver/catalog.ts";
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import type { ResourceDefinition } from "../../../standalone/apiserver/resource.ts";
import type { Schema } from "../../../standalone/apiserver/schema/index.ts";

/** Nobody asks for logs. */
async function* noLog(): AsyncGenerator<string> {}

function customResource(definition: KubernetesObject): ServedResource {
  const { group, names, versions } = specOf(definition);
  const [version] = versions;
  if (!version) throw new Error(`${definition.metadata.name} has no version`);
  return servedResource({ definition: definitionOf({ group, names, version }), strategy: {} });
}

function definitionOf(of: {
  group: string;
  names: CustomResourceSpec["names"];
  version: CustomResourceSpec["versions"][number];
}): ResourceDefinition {
  const { group, names, version } = of;
  const { kind, plural, singular = kind.toLowerCase(), listKind = `${kind}List` } = names;
  return {
    ...{ group, version: version.name, kind, listKind, plural, singular, namespaced: true },
    ...{ shortNames: [], categories: [], columns: [] },
    schema: version.schema?.openAPIV3Schema as Schema,
    subresources: { status: version.subresources?.status !== undefined },
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
  };
}

export const namespaceResource = namespaces;
export const podResource = pods(noLog);

export const servedResources: readonly ServedResource[] = [
  ...[namespaces, podResource, nodes, secrets, configMaps, serviceAccounts, leases],
  ...[coreEvents, persistentVolumeClaims, storageClasses],
  ...customResourceDefinitionsOfKubevirt().map((definition) =>
    customResource(definition as unknown as KubernetesObject),
  ),
];
