// A Deployment of Knative as it runs on two cores beside virtual machines: small requests, one replica, ready at once.
import type { Condition, KubernetesObject } from "@knvirt/kubernetes";

export interface Deployment extends KubernetesObject {
  spec: { replicas?: number; template: { spec: PodSpec } };
  status?: { observedGeneration?: number; replicas?: number; updatedReplicas?: number; conditions?: Condition[] };
}

interface PodSpec {
  nodeSelector?: Record<string, string>;
  containers: Container[];
}

interface Container {
  name: string;
  env?: { name: string; valueFrom?: { configMapKeyRef?: { name: string } } }[];
  resources?: { limits?: Record<string, string> };
  readinessProbe?: Record<string, unknown>;
  startupProbe?: Record<string, unknown>;
  lifecycle?: object;
}

/** What keeps them scheduled, no more: the programs share what is idle. */
const requests = { cpu: "5m", memory: "16Mi" };
/** Images of integrations that are not installed; the variables would hold the pod back for ever. */
const integrationImages = /^eventing-(integrations|transformations)-images$/;

export function onTheRig(deployment: Deployment, nodeSelector: Record<string, string>): Deployment {
  const { template, ...spec } = deployment.spec;
  const containers = template.spec.containers.map(container);
  // None at all is what the adapter of PingSources has until there is one.
  const replicas = spec.replicas === 0 ? 0 : 1;
  return {
    ...deployment,
    spec: { ...spec, replicas, template: { ...template, spec: { ...template.spec, nodeSelector, containers } } },
  };
}

function container({ lifecycle: _, ...upstream }: Container): Container {
  const env = upstream.env?.filter(
    ({ valueFrom }) => !integrationImages.test(valueFrom?.configMapKeyRef?.name ?? ""),
  );
  return { ...upstream, ...(env && { env }), resources: resources(upstream), ...probes(upstream) };
}

/** Without limits of CPU: they stretch a start of one second to ten. */
function resources({ resources: { limits = {} } = {} }: Container): object {
  const { memory } = limits;
  return { requests, ...(memory && { limits: { memory } }) };
}

/** Upstream waits up to 20 seconds before it looks whether a container is ready; a startup probe finds out at once. */
function probes({ readinessProbe }: Container): Pick<Container, "readinessProbe" | "startupProbe"> {
  if (!readinessProbe) return {};
  const { initialDelaySeconds: _, ...readiness } = readinessProbe;
  return { readinessProbe: readiness, startupProbe: { ...readiness, periodSeconds: 1, failureThreshold: 180 } };
}
