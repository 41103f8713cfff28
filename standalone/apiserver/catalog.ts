// The resources that are served right now, built in or brought by CustomResourceDefinitions.
import type { Catalog, ServedResource, Verb } from "./machinery.ts";
import { apiVersionOf, groupResource, type ResourceDefinition } from "./resource.ts";
import { resourceSchema } from "./schema/index.ts";

const allVerbs: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

export type ResourceSource = { definition: ResourceDefinition } & Partial<Omit<ServedResource, "definition">>;

/** Versions of a resource differ in apiVersion only, unless a built-in brings its own conversion. */
export function servedResource({ definition, ...given }: ResourceSource): ServedResource {
  const apiVersion = apiVersionOf(definition);
  const storedApiVersion = given.storedApiVersion ?? apiVersion;
  return {
    definition,
    apiVersion,
    schema: resourceSchema(definition.schema),
    verbs: allVerbs,
    builtIn: false,
    endpoints: {},
    strategy: {},
    storedAs: groupResource(definition),
    storedApiVersion,
    toStored: (object) => ({ ...object, apiVersion: storedApiVersion }),
    fromStored: (object) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion }),
    ...given,
  };
}

type Names = Pick<ResourceDefinition, "group" | "version" | "plural">;

const keyOf = ({ group, version, plural }: Names): string => `${group}/${version}/${plural}`;

export function createCatalog(): Catalog {
  const resources = new Map<string, ServedResource>();
  let generation = 0;
  return {
    get generation() {
      return generation;
    },
    add: (resource) => {
      resources.set(keyOf(resource.definition), resource);
      generation += 1;
    },
    remove: (definition) => {
      resources.delete(keyOf(definition));
      generation += 1;
    },
    find: (group, version, plural) => resources.get(keyOf({ group, version, plural })),
    findStored: (storedAs) => {
      const views = [...resources.values()].filter((resource) => resource.storedAs === storedAs);
      return views.find((view) => view.apiVersion === view.storedApiVersion) ?? views[0];
    },
    all: () => [...resources.values()],
  };
}
