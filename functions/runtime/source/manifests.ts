// The source as an installation has it: its account, which only follows changes, and its Deployment.
import { type FunctionGroup, serviceNameOf } from "../../groups.ts";
import { watchedBy } from "../definition.ts";
import { accountManifests, functionsSecurity, installNamespace, labelsOf, type Manifest } from "../manifests.ts";
import { watchRules } from "../rights.ts";

export const sourceName = "knvirt-source";

export const sourceManifests = (groups: readonly FunctionGroup[]): Manifest[] => [
  ...accountManifests(sourceName, watchRules(watchedBy(groups.flatMap(({ definitions }) => definitions)))),
  deployment(groups),
];

const sinks = (groups: readonly FunctionGroup[]): string =>
  groups.map((group) => `${group.name}=http://${serviceNameOf(group)}.${installNamespace}.svc`).join(",");

function deployment(groups: readonly FunctionGroup[]): Manifest {
  const labels = labelsOf(sourceName);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: sourceName, namespace: installNamespace, labels },
    spec: {
      replicas: 1,
      // The new one follows before the old one ends: between them they miss nothing.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: { "app.kubernetes.io/name": sourceName } },
      template: { metadata: { labels }, spec: pod(groups) },
    },
  };
}

/** A node that is lost takes the source along: another one is not to wait for five minutes. */
const lostNodeSeconds = 30;

const pod = (groups: readonly FunctionGroup[]): object => ({
  serviceAccountName: sourceName,
  enableServiceLinks: false,
  priorityClassName: "system-cluster-critical",
  tolerations: ["not-ready", "unreachable"].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: lostNodeSeconds,
  })),
  containers: [
    {
      name: "source",
      image: "knvirt/functions",
      command: ["/opt/knvirt/node", "--max-semi-space-size=2", "/opt/knvirt/source.mjs"],
      env: [{ name: "SINKS", value: sinks(groups) }],
      ports: [{ name: "health", containerPort: 8080, protocol: "TCP" }],
      // Ready once it follows all that it has to; while the API server is away it keeps trying.
      readinessProbe: { httpGet: { path: "/readyz", port: "health" }, periodSeconds: 5 },
      livenessProbe: {
        httpGet: { path: "/healthz", port: "health" },
        ...{ initialDelaySeconds: 15, periodSeconds: 20, timeoutSeconds: 5 },
      },
      resources: { requests: { cpu: "10m", memory: "48Mi" } },
      securityContext: functionsSecurity,
    },
  ],
});
