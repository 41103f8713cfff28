// Which labels a selector means. Pure. Source: Kubernetes' documentation on labels, selectors and node affinity.
import type { LabelSelector, NodeRequirement, NodeSelectorTerm } from "@knvirt/kubernetes";

type Labels = Record<string, string>;

/** A selector that is left out means nothing, an empty one everything. */
export const selects = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));

/** A term without requirements means nothing. */
export function meetsTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: NodeFacts): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(requirement, node.labels)) &&
    matchFields.every((requirement) => meets(requirement, { "metadata.name": node.name }))
  );
}

export interface NodeFacts {
  name: string;
  labels: Labels;
}

const operators: Record<NodeRequirement["operator"], (value: string | undefined, wanted: string[]) => boolean> = {
  In: (value, wanted) => value !== undefined && wanted.includes(value),
  NotIn: (value, wanted) => value === undefined || !wanted.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [bound]) => isInteger(value) && isInteger(bound) && Number(value) > Number(bound),
  Lt: (value, [bound]) => isInteger(value) && isInteger(bound) && Number(value) < Number(bound),
};

const isInteger = (value: string | undefined): boolean => value !== undefined && /^[+-]?\d+$/.test(value);

const meets = ({ key, operator, values = [] }: NodeRequirement, labels: Labels): boolean =>
  operators[operator](labels[key], values);
