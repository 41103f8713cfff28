// The source as an installation has it: its account, which only follows changes, and its Deployment.
import { type FunctionGroup, serviceNameOf } from "../../groups.ts";
import { watchedBy } from "../definition.ts";
import { followerDeployment } from "../follower.ts";
import { accountManifests, installNamespace, type Manifest } from "../manifests.ts";
import { watchRules } from "../rights.ts";

export const sourceName = "knvirt-source";

export const sourceManifests = (groups: readonly FunctionGroup[]): Manifest[] => [
  ...accountManifests(sourceName, watchRules(watchedBy(groups.flatMap(({ definitions }) => definitions)))),
  followerDeployment({
    name: sourceName,
    container: "source",
    program: "source.mjs",
    env: [{ name: "SINKS", value: sinks(groups) }],
    requests: { cpu: "10m", memory: "48Mi" },
    // The new one follows before the old one ends: between them they miss nothing.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  }),
];

const sinks = (groups: readonly FunctionGroup[]): string =>
  groups.map((group) => `${group.name}=http://${serviceNameOf(group)}.${installNamespace}.svc`).join(",");
