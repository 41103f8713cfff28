// The discovery documents that are derived from what is served.
import type { Catalog, ServedResource, Verb } from "../machinery.ts";
import { compareVersions } from "./versions.ts";

export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly string[];
  shortNames?: string[];
  categories?: string[];
}

export interface GroupVersionResources {
  group: string;
  version: string;
  resources: ApiResource[];
  /** The process that serves the group did not answer. */
  stale?: boolean;
}

const statusVerbs: Verb[] = ["get", "patch", "update"];

function resourcesOf({ definition, verbs, endpoints }: ServedResource): ApiResource[] {
  const { plural, singular, namespaced, kind, shortNames, categories, subresources } = definition;
  const below = (name: string, rest: Pick<ApiResource, "kind" | "verbs"> & Partial<ApiResource>): ApiResource => ({
    ...{ name: `${plural}/${name}`, singularName: "", namespaced },
    ...rest,
  });
  return [
    {
      ...{ name: plural, singularName: singular, namespaced, kind, verbs },
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    },
    ...(subresources.status ? [below("status", { kind, verbs: statusVerbs })] : []),
    ...(subresources.scale
      ? [below("scale", { kind: "Scale", group: "autoscaling", version: "v1", verbs: statusVerbs })]
      : []),
    ...Object.entries(endpoints).map(([name, endpoint]) =>
      below(name, {
        ...{ kind: endpoint.kind, verbs: endpoint.verbs },
        ...(endpoint.group && { group: endpoint.group }),
        ...(endpoint.version && { version: endpoint.version }),
      }),
    ),
  ];
}

export function servedGroupVersions(catalog: Catalog): GroupVersionResources[] {
  const found = new Map<string, GroupVersionResources>();
  for (const resource of catalog.all()) {
    const { group, version } = resource.definition;
    const entry = found.get(resource.apiVersion) ?? { group, version, resources: [] };
    entry.resources.push(...resourcesOf(resource));
    found.set(resource.apiVersion, entry);
  }
  return [...found.values()];
}

export const apiVersions = { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };

export const apiResourceList = ({ group, version, resources }: GroupVersionResources) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: group ? `${group}/${version}` : version,
  resources,
});

export interface Group {
  name: string;
  versions: GroupVersionResources[];
}

/** Groups in the order of their names, versions the preferred one first. */
export function groupsOf(all: GroupVersionResources[]): Group[] {
  const byName = Map.groupBy(all, ({ group }) => group);
  return [...byName]
    .map(([name, versions]) => ({
      name,
      versions: versions.toSorted((a, b) => compareVersions(a.version, b.version)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const groupVersion = (group: string, version: string) => ({ groupVersion: `${group}/${version}`, version });

export const apiGroup = ({ name, versions }: Group) => ({
  name,
  versions: versions.map(({ version }) => groupVersion(name, version)),
  preferredVersion: groupVersion(name, versions[0]?.version ?? ""),
});

export const apiGroupList = (groups: Group[]) => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups.filter(({ name }) => name !== "").map(apiGroup),
});
