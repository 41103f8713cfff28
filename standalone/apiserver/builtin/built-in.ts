// How a built-in resource is declared: only what is particular about it.

import { type ResourceSource, servedResource } from "../catalog.ts";
import type { ServedResource } from "../machinery.ts";
import type { ResourceDefinition } from "../resource.ts";

type Particulars = Partial<ResourceDefinition> &
  Pick<ResourceDefinition, "kind" | "plural" | "schema" | "namespaced">;

export function builtIn(particulars: Particulars, served: Omit<ResourceSource, "definition"> = {}): ServedResource {
  const { kind } = particulars;
  const definition: ResourceDefinition = {
    group: "",
    version: "v1",
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: { status: false },
    columns: [],
    selectableFields: [],
    ...particulars,
  };
  return servedResource({
    definition,
    builtIn: true,
    ...served,
    strategy: { allowsUnconditionalUpdate: true, ...served.strategy },
  });
}
