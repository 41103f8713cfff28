// The one process that runs all functions, follows changes by itself and serves metrics, as an installation has it.
import type { FunctionDefinition } from "./definition.ts";
import { followerDeployment } from "./follower.ts";
import { accountManifests, type Manifest } from "./manifests.ts";
import { type PolicyRule, rulesOf } from "./rights.ts";

const name = "knvirt-controller";

/** Whose token a scraper shows, and whether that user may get /metrics. */
const scraperRules: PolicyRule[] = [
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

export const controllerManifests = (definitions: readonly FunctionDefinition[]): Manifest[] => [
  ...accountManifests(name, [...rulesOf(definitions, { watching: true }), ...scraperRules]),
  followerDeployment({
    name,
    container: "functions",
    program: "controller.mjs",
    env: [{ name: "LAUNCHER_IMAGE", value: "knvirt/launcher" }],
    requests: { cpu: "20m", memory: "64Mi" },
    ports: [{ name: "metrics", containerPort: 8443, protocol: "TCP" }],
    // One at a time, because two would do everything twice; they would not harm each other.
    strategy: { type: "Recreate" },
  }),
];
