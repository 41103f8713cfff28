// Which nodes and neighbours a pod wants, or does not. This machine is the only node, so each place that a label of
// nodes stands for is the node itself, and what only ranks nodes decides nothing. Pure.
import type { Node, Pod, PodAffinityTerm, TopologySpreadConstraint } from "@knvirt/kubernetes";
import { meetsTerm, selects } from "./selectors.ts";

/** Reasons in upstream's words; empty when the pod has nothing against this node. */
export const aversions = (pod: Pod, node: Node, podsOnNode: Pod[]): string[] => [
  ...(isWantedNode(pod, node) ? [] : ["node(s) didn't match Pod's node affinity/selector"]),
  ...(hasNeighbours(pod, node, podsOnNode) ? [] : ["node(s) didn't match pod affinity rules"]),
  ...(isAlone(pod, node, podsOnNode) ? [] : ["node(s) didn't match pod anti-affinity rules"]),
  ...(isTolerated(pod, node, podsOnNode) ? [] : ["node(s) didn't satisfy existing pods anti-affinity rules"]),
  ...spreadProblems(pod, node, podsOnNode),
];

function isWantedNode({ spec }: Pod, { metadata: { name, labels = {} } }: Node): boolean {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (terms === undefined || terms.some((term) => meetsTerm(term, { name, labels })))
  );
}

const isPlace = ({ metadata: { labels = {} } }: Node, topologyKey: string): boolean =>
  labels[topologyKey] !== undefined;

/** The first of a group of pods that want each other may come. */
function hasNeighbours(pod: Pod, node: Node, others: Pod[]): boolean {
  const terms = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (!terms.every(({ topologyKey }) => isPlace(node, topologyKey))) return false;
  return (
    terms.every((term) => others.some((other) => isMeant(term, pod, other))) ||
    (terms.every((term) => isMeant(term, pod, pod)) &&
      !others.some((other) => terms.every((term) => isMeant(term, pod, other))))
  );
}

const keptAway = ({ spec }: Pod): PodAffinityTerm[] =>
  spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const isAlone = (pod: Pod, node: Node, others: Pod[]): boolean =>
  !keptAway(pod).some((term) => isPlace(node, term.topologyKey) && others.some((other) => isMeant(term, pod, other)));

const isTolerated = (pod: Pod, node: Node, others: Pod[]): boolean =>
  others.every((other) => isAlone(other, node, [pod]));

/** Whether the term of one pod means another. */
function isMeant(term: PodAffinityTerm, { metadata }: Pod, other: Pod): boolean {
  const { namespaces = [], namespaceSelector, labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  const named = namespaces.length > 0 ? namespaces : [metadata.namespace];
  const [own, theirs] = [metadata.labels ?? {}, other.metadata.labels ?? {}];
  return (
    (namespaceSelector !== undefined || named.includes(other.metadata.namespace)) &&
    selects(labelSelector, theirs) &&
    matchLabelKeys.every((key) => own[key] === undefined || own[key] === theirs[key]) &&
    mismatchLabelKeys.every((key) => own[key] === undefined || own[key] !== theirs[key])
  );
}

const spreadMessage = "node(s) didn't match pod topology spread constraints";

function spreadProblems(pod: Pod, node: Node, others: Pod[]): string[] {
  const strict = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
  );
  if (strict.some(({ topologyKey }) => !isPlace(node, topologyKey)))
    return [`${spreadMessage} (missing required label)`];
  return strict.every((constraint) => isEven(constraint, pod, others)) ? [] : [spreadMessage];
}

/** The only place is as full as the emptiest one, unless there should be more places: then that is an empty one. */
function isEven(constraint: TopologySpreadConstraint, pod: Pod, others: Pod[]): boolean {
  const { maxSkew, minDomains = 1, labelSelector, matchLabelKeys = [] } = constraint;
  const term = { topologyKey: "", matchLabelKeys, ...(labelSelector && { labelSelector }) };
  const here = others.filter((other) => !other.metadata.deletionTimestamp && isMeant(term, pod, other)).length;
  const own = selects(labelSelector, pod.metadata.labels ?? {}) ? 1 : 0;
  return here + own - (minDomains > 1 ? 0 : here) <= maxSkew;
}
