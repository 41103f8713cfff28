// Taints that tell of a node's condition, and which pods bear them for how long. Pure.
import { isDeepStrictEqual } from "node:util";
import type { Node, Pod, Toleration } from "@knvirt/kubernetes";

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

const key = {
  unreachable: "node.kubernetes.io/unreachable",
  notReady: "node.kubernetes.io/not-ready",
  unschedulable: "node.kubernetes.io/unschedulable",
  outOfService: "node.kubernetes.io/out-of-service",
} as const;

export const outOfService = key.outOfService;

export interface Judged {
  /** Status of the condition Ready. */
  ready: string;
  /** Its pods may be told to go, if they are not told already. */
  mayExecute: boolean;
  now: string;
}

/** Those of the condition as they should be, others as they are. */
export function taintsOf({ spec }: Node, { ready, mayExecute, now }: Judged): Taint[] {
  const present: Taint[] = spec?.taints ?? [];
  const wanted = ready === "Unknown" ? key.unreachable : ready === "False" ? key.notReady : undefined;
  const others = present.filter((taint) => !isOfCondition(taint));
  const told = present.find((taint) => taint.key === wanted && taint.effect === "NoExecute");
  const isTold = present.some((taint) => isOfCondition(taint) && taint.effect === "NoExecute");
  return [
    ...others,
    ...(spec?.unschedulable ? [{ key: key.unschedulable, effect: "NoSchedule" }] : []),
    ...(wanted ? [{ key: wanted, effect: "NoSchedule" }] : []),
    ...(wanted && (isTold || mayExecute) ? [told ?? { key: wanted, effect: "NoExecute", timeAdded: now }] : []),
  ];
}

const isOfCondition = (taint: Taint): boolean =>
  [key.unreachable, key.notReady, key.unschedulable].some((known) => known === taint.key);

export const sameTaints = (some: Taint[], others: Taint[]): boolean =>
  some.length === others.length &&
  some.every((taint) =>
    others.some((other) => isDeepStrictEqual({ ...taint, timeAdded: 0 }, { ...other, timeAdded: 0 })),
  );

/** As admission gives it to pods that do not say. */
const usualToleranceSeconds = 300;

/** How long the pod may stay on the node; infinite when for ever. */
export function toleratedSeconds({ spec: { tolerations = [] } }: Pod, node: Node): number {
  const taints: Taint[] = (node.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
  return Math.min(...taints.map((taint) => secondsOf(taint, tolerations)), Number.POSITIVE_INFINITY);
}

function secondsOf(taint: Taint, tolerations: Toleration[]): number {
  const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
  const isUsual = taint.key === key.unreachable || taint.key === key.notReady;
  if (matching.length === 0) return isUsual ? usualToleranceSeconds : 0;
  return Math.min(...matching.map(({ tolerationSeconds = Number.POSITIVE_INFINITY }) => tolerationSeconds));
}

function tolerates({ key: wanted, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!wanted) return operator === "Exists";
  return wanted === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}
