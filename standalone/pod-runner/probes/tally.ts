// What the answers to a probe amount to: a change of mind takes as many of them in a row as the probe says. Pure.
import type { Probe } from "@knvirt/kubernetes";

export interface Tally {
  /** What holds now. */
  isWell: boolean;
  /** Answers in a row that say otherwise. */
  against: number;
}

/** The kubelet's defaults. */
export const usual = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } as const;

export function counted({ isWell, against }: Tally, succeeded: boolean, probe: Probe): Tally {
  if (succeeded === isWell) return { isWell, against: 0 };
  const { successThreshold, failureThreshold } = { ...usual, ...probe };
  const enough = isWell ? failureThreshold : successThreshold;
  return against + 1 >= enough ? { isWell: succeeded, against: 0 } : { isWell, against: against + 1 };
}
