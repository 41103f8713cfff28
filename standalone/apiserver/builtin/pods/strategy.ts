// How a pod is born, what of it may change, and how it ends.
import { isDeepStrictEqual } from "node:util";
import type { StatusCause } from "../../errors.ts";
import { isRecord, type KubernetesObject } from "../../object.ts";
import type { Strategy } from "../../strategy.ts";
import { specOf, statusOf } from "./parts.ts";

/** As the kubelet: an image without a fixed version may have changed. */
function pullPolicy(image: string): string {
  const [name = ""] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const isFixed = image.includes("@") || (tag !== undefined && tag !== "latest");
  return isFixed ? "IfNotPresent" : "Always";
}

function complete(pod: KubernetesObject): KubernetesObject {
  if (!isRecord(pod.spec) || !Array.isArray(pod.spec.containers)) return pod;
  return { ...pod, spec: { ...pod.spec, containers: pod.spec.containers.map(withDefaults) } };
}

function prepareCreate(pod: KubernetesObject): KubernetesObject {
  const completed = complete(pod);
  const { containers } = isRecord(completed.spec) ? completed.spec : {};
  return { ...completed, status: { phase: "Pending", qosClass: qosOf(containers) } };
}

function withDefaults(container: unknown): unknown {
  if (!isRecord(container) || typeof container.image !== "string") return container;
  const resources = isRecord(container.resources) ? container.resources : {};
  const { limits, requests } = resources;
  return {
    ...container,
    imagePullPolicy: container.imagePullPolicy ?? pullPolicy(container.image),
    // What is limited and not requested is requested.
    resources: isRecord(limits)
      ? { ...resources, requests: { ...limits, ...(isRecord(requests) && requests) } }
      : resources,
  };
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qosOf(containers: unknown): string {
  const all = (Array.isArray(containers) ? containers : []).map((one) => (isRecord(one) ? one.resources : {}));
  const amounts = all.map((one) => (isRecord(one) ? [computed(one.limits), computed(one.requests)] : [[], []]));
  if (amounts.every(([limits, requests]) => limits?.length === 0 && requests?.length === 0)) return "BestEffort";
  const isGuaranteed = amounts.every(
    ([limits, requests]) => limits?.length === 2 && isDeepStrictEqual(limits, requests),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

const computed = (amounts: unknown): [string, unknown][] =>
  isRecord(amounts)
    ? Object.entries(amounts)
        .filter(([name]) => name === "cpu" || name === "memory")
        .sort(([a], [b]) => (a < b ? -1 : 1))
    : [];

function validate(pod: KubernetesObject, live: KubernetesObject | undefined): StatusCause[] {
  return live ? changeCauses(pod, live) : mountCauses(pod);
}

/** The runner starts containers once, so what they were started from stays. */
function changeCauses(pod: KubernetesObject, live: KubernetesObject): StatusCause[] {
  const fixed = ({ spec }: KubernetesObject) => ({ ...(spec as object), tolerations: undefined });
  if (isDeepStrictEqual(fixed(pod), fixed(live))) return [];
  const message = "Forbidden: pod updates may not change fields other than `spec.tolerations`";
  return [{ reason: "FieldValueForbidden", message, field: "spec" }];
}

function mountCauses(pod: KubernetesObject): StatusCause[] {
  const { containers = [], volumes = [] } = specOf(pod);
  const known = new Set(volumes.map(({ name }) => name));
  return containers.flatMap((container, index) => {
    return (["volumeMounts", "volumeDevices"] as const).flatMap((list) => {
      const mounts = (container as { [List in typeof list]?: { name: string }[] })[list] ?? [];
      return mounts.flatMap(({ name }, place): StatusCause[] => {
        if (known.has(name)) return [];
        const field = `spec.containers[${index}].${list}[${place}].name`;
        return [{ reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(name)}`, field }];
      });
    });
  });
}

/** A pod that no machine has, or that has ended, has nothing to end in order. */
function graceSeconds(pod: KubernetesObject, requested: number | undefined): number {
  const { nodeName, terminationGracePeriodSeconds = 30 } = specOf(pod);
  const { phase } = statusOf(pod);
  if (!nodeName || phase === "Succeeded" || phase === "Failed") return 0;
  return requested ?? terminationGracePeriodSeconds;
}

export const podStrategy: Strategy = {
  blank: { spec: { containers: [] }, status: {} },
  complete,
  returnsDeleted: true,
  prepareCreate,
  validate,
  graceSeconds,
};
