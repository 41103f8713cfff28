// Which generated files of config/ hold what functions need: path below config/ to objects.
import { groupsOf } from "./groups.ts";
import { controllerManifests } from "./runtime/controller-manifests.ts";
import type { FunctionDefinition } from "./runtime/definition.ts";
import { brokerWiring, groupManifests } from "./runtime/knative.ts";
import type { Manifest } from "./runtime/manifests.ts";
import { sourceManifests } from "./runtime/source/manifests.ts";

export function installationFiles(definitions: readonly FunctionDefinition[]): Map<string, Manifest[]> {
  const groups = groupsOf(definitions);
  return new Map([
    ...groups.map((group) => [`knative/${group.name}.yaml`, groupManifests(group)] as const),
    ["overlays/knative/source.yaml", sourceManifests(groups)],
    ["overlays/knative-broker/wiring.yaml", brokerWiring(groups)],
    ["overlays/controller/functions.yaml", controllerManifests(definitions)],
  ]);
}
