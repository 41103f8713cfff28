// What is installed of Knative and how it differs from upstream: fewer objects, our images, settings of this rig.
import type { KubernetesObject } from "@knvirt/kubernetes";
import { envoyImage, imageOf } from "./programs.ts";
import { type Deployment, onTheRig } from "./workload.ts";

export interface Placement {
  /** Tag of the images. */
  tag: string;
  /** Labels of the one node that Knative's own pods run on. */
  nodeSelector: Record<string, string>;
}

/** Nothing scales or drains Knative here; the two custom resources are hints for components that are not installed. */
const kindsLeftOut = new Set(["HorizontalPodAutoscaler", "PodDisruptionBudget", "Image", "Certificate"]);
/** Sinks of their own that none of ours uses; the definitions of their resources stay, the controllers watch them. */
const workloadsLeftOut = /^(job-sink|request-reply)/;
const workloadKinds = new Set(["Deployment", "StatefulSet", "Service", "Secret"]);

const settings: Record<string, Record<string, string>> = {
  "config-network": { "ingress-class": "kourier.ingress.networking.knative.dev" },
};

/** Whatever is not named goes in the middle. Webhooks come last: they refuse what is written before they run. */
const order = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ConfigMap"];
const last = ["Deployment", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

export function manifest(upstream: KubernetesObject[], placement: Placement): KubernetesObject[] {
  return upstream
    .filter((object) => !isLeftOut(object))
    .map((object) => withImages(object, placement.tag))
    .map((object) => adapted(object, placement))
    .sort((one, other) => rank(one) - rank(other));
}

const isLeftOut = ({ kind, metadata }: KubernetesObject): boolean =>
  kindsLeftOut.has(kind) || (workloadKinds.has(kind) && workloadsLeftOut.test(metadata.name));

/** Also where no program is behind the name, as with the auth proxy: it is asked for by features that are off. */
const withImages = (object: KubernetesObject, tag: string): KubernetesObject =>
  JSON.parse(
    JSON.stringify(object)
      .replaceAll(/"ko:\/\/([^"]+)"/g, (_, program: string) => JSON.stringify(`${imageOf(program)}:${tag}`))
      .replaceAll(/"docker\.io\/envoyproxy\/envoy:[^"]+"/g, JSON.stringify(`${envoyImage}:${tag}`)),
  );

function adapted(object: KubernetesObject, { nodeSelector }: Placement): KubernetesObject {
  if (object.kind === "Deployment") return onTheRig(object as Deployment, nodeSelector);
  if (object.kind === "Service") return clusterService(object as KubernetesObject & { spec: object });
  const set = object.kind === "ConfigMap" && settings[object.metadata.name];
  return set ? withSettings(object as KubernetesObject & { data?: object }, set) : object;
}

/** No load balancer is there to wait for; functions are reached from inside. */
const clusterService = <T extends { spec: object }>(service: T): T => ({
  ...service,
  spec: { ...service.spec, type: "ClusterIP" },
});

const withSettings = <T extends { data?: object }>(map: T, set: object): T => ({
  ...map,
  data: { ...map.data, ...set },
});

function rank({ kind }: KubernetesObject): number {
  if (order.includes(kind)) return order.indexOf(kind);
  return order.length + 1 + last.indexOf(kind);
}
