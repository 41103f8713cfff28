// Whether a pod that ends has been given less time than its launcher knows of. The kubelet tells a container when it ends,
// and not again when its time is cut short: https://github.com/kubernetes/kubernetes/issues/113606
import { hasEnded } from "./domain.ts";
import type { Snapshot } from "./observe.ts";

export interface Hurry {
  verb: "hurry";
  /** Until then, as the pod says it. */
  until: string;
  /** From now. */
  graceSeconds: number;
}

type Observed = Pick<Snapshot, "pod" | "domain" | "isReachable" | "hurriedUntil" | "now">;

export function hurry({ pod, domain, isReachable, hurriedUntil, now }: Observed): Hurry[] {
  const { deletionTimestamp: until, deletionGracePeriodSeconds: given } = pod.metadata;
  const known = pod.spec.terminationGracePeriodSeconds;
  if (until === undefined || given === undefined || known === undefined || given >= known) return [];
  if (!isReachable || !domain || hasEnded(domain) || until === hurriedUntil) return [];
  const left = Math.ceil((Date.parse(until) - now.getTime()) / 1000);
  return [{ verb: "hurry", until, graceSeconds: Math.min(given, Math.max(0, left)) }];
}
