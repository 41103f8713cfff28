// Which generated files of config/ hold what functions need: path below config/ to objects.

import { groupsOf } from "./groups.ts";
import type { FunctionDefinition } from "./runtime/definition.ts";
import { brokerWiring, directWiring, groupManifests, sourceAccountManifests } from "./runtime/knative.ts";
import { controllerAccount, type Manifest } from "./runtime/manifests.ts";

export function installationFiles(definitions: readonly FunctionDefinition[]): Map<string, Manifest[]> {
  const groups = groupsOf(definitions);
  return new Map([
    ...groups.map((group) => [`knative/${group.name}.yaml`, groupManifests(group)] as const),
    ["knative/source-account.yaml", sourceAccountManifests(groups)],
    ["overlays/knative/wiring.yaml", groups.flatMap(directWiring)],
    ["overlays/knative-broker/wiring.yaml", brokerWiring(groups)],
    ["overlays/controller/account.yaml", controllerAccount(definitions)],
  ]);
}
