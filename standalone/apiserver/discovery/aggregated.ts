// Aggregated discovery (apidiscovery.k8s.io/v2): all groups with all their resources in one document.
import type { ApiResource, Group, GroupVersionResources } from "./documents.ts";

export const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

export const isAggregatedWanted = (accept: string | undefined): boolean =>
  (accept ?? "").replaceAll(" ", "").split(",").includes(aggregatedType);

export const aggregatedDiscovery = (groups: Group[]) => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: groups.map(({ name, versions }) => ({
    metadata: { ...(name && { name }), creationTimestamp: null },
    versions: versions.map(versionDiscovery),
  })),
});

const versionDiscovery = ({ group, version, resources, stale }: GroupVersionResources) => ({
  version,
  resources: parentsOf(resources).map((resource) => resourceDiscovery({ group, version }, resource, resources)),
  freshness: stale ? "Stale" : "Current",
});

/** Groups such as subresources.kubevirt.io have subresources of what another group serves. */
function parentsOf(all: ApiResource[]): ApiResource[] {
  const parents = new Map(all.filter(({ name }) => !name.includes("/")).map((resource) => [resource.name, resource]));
  for (const resource of all) {
    const [name = ""] = resource.name.split("/");
    if (!parents.has(name)) parents.set(name, { ...resource, name, verbs: [] });
  }
  return [...parents.values()];
}

interface GroupVersion {
  group: string;
  version: string;
}

const kindOf = (place: GroupVersion, { group, version, kind }: ApiResource) => ({
  group: group ?? place.group,
  version: version ?? place.version,
  kind,
});

const resourceDiscovery = (place: GroupVersion, resource: ApiResource, all: ApiResource[]) => ({
  resource: resource.name,
  responseKind: kindOf(place, resource),
  scope: resource.namespaced ? "Namespaced" : "Cluster",
  singularResource: resource.singularName,
  verbs: resource.verbs,
  ...(resource.shortNames && { shortNames: resource.shortNames }),
  ...(resource.categories && { categories: resource.categories }),
  ...subresourcesOf(place, resource, all),
});

function subresourcesOf(place: GroupVersion, { name }: ApiResource, all: ApiResource[]): { subresources?: object[] } {
  const prefix = `${name}/`;
  const below = all.filter((candidate) => candidate.name.startsWith(prefix));
  if (below.length === 0) return {};
  return {
    subresources: below.map((resource) => ({
      subresource: resource.name.slice(prefix.length),
      responseKind: kindOf(place, resource),
      verbs: resource.verbs,
    })),
  };
}
