// A group of functions on Knative: its Service, and what wakes it where events go through a Broker.
import { type FunctionGroup, serviceNameOf } from "../groups.ts";
import { type FunctionDefinition, type Watched, watchedBy } from "./definition.ts";
import { accountManifests, functionsSecurity, installNamespace, labelsOf, type Manifest } from "./manifests.ts";
import { rulesOf, sourceRules } from "./rights.ts";
import { sourceName } from "./source/manifests.ts";

const placed = (name: string) => ({ name, namespace: installNamespace, labels: labelsOf(name) });
const broker = { apiVersion: "eventing.knative.dev/v1", kind: "Broker", name: "knvirt" };

const serviceReference = (group: FunctionGroup) => ({
  ref: { apiVersion: "serving.knative.dev/v1", kind: "Service", name: serviceNameOf(group) },
});

export const groupManifests = (group: FunctionGroup): Manifest[] => [
  ...accountManifests(serviceNameOf(group), rulesOf(group.definitions, { watching: false })),
  service(group),
];

/** For clusters whose users build on a Broker: Knative's own source, one Trigger for each function, and sweeps by the
 * clock, since that source does not tell what it missed. Its account only reads, and it sends nothing but names. */
export const brokerWiring = (groups: readonly FunctionGroup[]): Manifest[] => [
  ...accountManifests(sourceName, sourceRules(watchedBy(groups.flatMap(({ definitions }) => definitions)))),
  { apiVersion: broker.apiVersion, kind: broker.kind, metadata: placed(broker.name) },
  ...groups.flatMap((group) => [
    source(group),
    sweepSource(group),
    ...group.definitions.map((definition) => trigger(group, definition)),
  ]),
];

/** The pods of more than so many events at a time would mostly meet each other's conflicts. */
const mostPods = "3";

function service(group: FunctionGroup): Manifest {
  const labels = labelsOf(serviceNameOf(group));
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    // Nothing outside the cluster has to call functions.
    metadata: {
      ...placed(serviceNameOf(group)),
      labels: { ...labels, "networking.knative.dev/visibility": "cluster-local" },
    },
    spec: { template: { metadata: { labels, annotations: scaling }, spec: servicePod(group) } },
  };
}

const scaling = {
  "autoscaling.knative.dev/window": "6s", // the shortest: then the pod is gone
  "autoscaling.knative.dev/min-scale": "0",
  "autoscaling.knative.dev/max-scale": mostPods,
  // The activator stays in the path, so that its namespace is the only one that has to reach the pods.
  "autoscaling.knative.dev/target-burst-capacity": "-1",
};

const servicePod = (group: FunctionGroup) => ({
  serviceAccountName: serviceNameOf(group),
  containerConcurrency: 0, // one process works on many keys at once
  timeoutSeconds: 300,
  enableServiceLinks: false,
  containers: [
    {
      name: "functions",
      image: "knvirt/functions",
      env: [
        { name: "FUNCTIONS", value: group.definitions.map(({ name }) => name).join(",") },
        { name: "LAUNCHER_IMAGE", value: "knvirt/launcher" }, // the overlays put the image of the executor's pods here
        { name: "SWEEP_SECONDS", value: "0" },
      ],
      readinessProbe: { httpGet: { path: "/readyz" } },
      resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "512Mi" } },
      securityContext: functionsSecurity,
    },
  ],
});

/** A sweep each minute would keep the pods from ever sleeping. */
const sweepSchedule = "*/5 * * * *";

const sweepSource = (group: FunctionGroup): Manifest => ({
  apiVersion: "sources.knative.dev/v1",
  kind: "PingSource",
  metadata: { ...placed(`${serviceNameOf(group)}-sweep`) },
  spec: { schedule: sweepSchedule, sink: { ...serviceReference(group), uri: "/sweep" } },
});

const source = (group: FunctionGroup): Manifest => ({
  apiVersion: "sources.knative.dev/v1",
  kind: "ApiServerSource",
  metadata: placed(serviceNameOf(group)),
  spec: {
    serviceAccountName: sourceName,
    mode: "Reference",
    namespaceSelector: {}, // all of them
    resources: watchedBy(group.definitions).map(watched),
    sink: { ref: broker },
  },
});

function watched({ apiVersion, kind, labelSelector }: Watched): object {
  if (labelSelector === undefined) return { apiVersion, kind };
  const [label = "", value = ""] = labelSelector.split("=");
  return { apiVersion, kind, selector: { matchLabels: { [label]: value } } };
}

const trigger = (group: FunctionGroup, definition: FunctionDefinition): Manifest => ({
  apiVersion: broker.apiVersion,
  kind: "Trigger",
  metadata: placed(`knvirt-${definition.name}`),
  spec: {
    broker: broker.name,
    filters: [
      { prefix: { type: "dev.knative.apiserver.ref." } }, // others may send to this broker too
      { any: watchedBy([definition]).map(({ kind }) => ({ exact: { kind } })) },
    ],
    subscriber: { ...serviceReference(group), uri: `/${definition.name}` },
  },
});
