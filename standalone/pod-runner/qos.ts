// The quality of service class of a pod. Pure. Source: Kubernetes' documentation on pod QoS classes.
import { type Container, type Pod, parseMilli } from "@knvirt/kubernetes";

const counted = ["cpu", "memory"] as const;

export function qosClass({ spec: { containers } }: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  if (containers.every(asksForNothing)) return "BestEffort";
  return containers.every(isGuaranteed) ? "Guaranteed" : "Burstable";
}

const asksForNothing = ({ resources: { requests = {}, limits = {} } = {} }: Container): boolean =>
  counted.every((name) => requests[name] === undefined && limits[name] === undefined);

const isGuaranteed = ({ resources: { requests = {}, limits = {} } = {} }: Container): boolean =>
  counted.every((name) => {
    const limit = limits[name];
    return limit !== undefined && parseMilli(requests[name] ?? limit) === parseMilli(limit);
  });
