// Whether a pod fits on a node, and if not, why: in the words of upstream's scheduler. Pure.
import { type Node, type Pod, parseMilli, type Toleration } from "@knvirt/kubernetes";
import { aversions } from "./affinity.ts";

/** The first node that takes the pod, or why none does. */
export function choose(pod: Pod, candidates: Node[], all: Pod[]): { node: string } | { message: string } {
  const reasons = candidates.map((node) =>
    misfits(
      pod,
      node,
      all.filter(({ spec }) => spec.nodeName === node.metadata.name),
    ),
  );
  const chosen = candidates[reasons.findIndex((why) => why.length === 0)];
  return chosen ? { node: chosen.metadata.name } : { message: unschedulableMessage(reasons) };
}

/** Reasons in upstream's words; empty when the pod fits. */
export function misfits(pod: Pod, node: Node, podsOnNode: Pod[]): string[] {
  const present = podsOnNode.filter(isPresent);
  return [...refusals(pod, node), ...aversions(pod, node, present), ...shortages(pod, node, present)];
}

function refusals({ spec }: Pod, { spec: nodeSpec = {}, status = {} }: Node): string[] {
  const isTolerated = (taint: Taint) => (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
  const isReady = status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
  const taint = (nodeSpec.taints ?? []).find((one) => one.effect !== "PreferNoSchedule" && !isTolerated(one));
  return [
    ...(nodeSpec.unschedulable && !isTolerated(cordon) ? ["node(s) were unschedulable"] : []),
    ...(taint ? [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`] : []),
    ...(isReady ? [] : ["node(s) were not ready"]),
  ];
}

type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];

/** What cordoning a node amounts to. */
const cordon: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** No key with Exists means every taint, no effect every effect. */
function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}

function shortages(pod: Pod, { status = {} }: Node, podsOnNode: Pod[]): string[] {
  const allocatable = status.allocatable ?? {};
  const using = podsOnNode.map(podRequests);
  const short = [...podRequests(pod)].filter(([resource, wanted]) => {
    const used = using.reduce((sum, requests) => sum + (requests.get(resource) ?? 0n), 0n);
    return wanted > 0n && wanted + used > parseMilli(allocatable[resource] ?? "0");
  });
  return short.map(([resource]) => (resource === "pods" ? "Too many pods" : `Insufficient ${resource}`)).sort();
}

/** A pod that has ended gives back what it had. */
const isPresent = ({ status }: Pod): boolean => status?.phase !== "Succeeded" && status?.phase !== "Failed";

/** In thousandths, by resource; a limit without a request counts as one, and each pod takes one of `pods`. */
function podRequests({ spec }: Pod): Map<string, bigint> {
  const sum = new Map([["pods", 1000n]]);
  for (const { resources: { requests = {}, limits = {} } = {} } of spec.containers)
    for (const [resource, quantity] of Object.entries({ ...limits, ...requests }))
      sum.set(resource, (sum.get(resource) ?? 0n) + parseMilli(quantity));
  return sum;
}

/** What upstream writes when no node is left: how many fail for which reason. */
export function unschedulableMessage(reasonsByNode: string[][]): string {
  const total = reasonsByNode.length;
  if (total === 0) return "no nodes available to schedule pods";
  const counts = new Map<string, number>();
  for (const reason of reasonsByNode.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`);
  return `0/${total} nodes are available: ${parts.sort().join(", ")}.`;
}
