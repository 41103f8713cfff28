// Whether and when an ended container is started again. Pure. Source: the kubelet's restart policies and back-off.
import type { Pod } from "@knvirt/kubernetes";
import type { MachineContainer } from "./observe.ts";

const firstPauseSeconds = 10;
const longestPauseSeconds = 300;

/** Undefined: it is not started again. */
export function restartAt({ spec }: Pod, { attempt, exit }: MachineContainer): Date | undefined {
  if (!exit) return undefined;
  const policy = spec.restartPolicy ?? "Always";
  if (policy === "Never" || (policy === "OnFailure" && exit.exitCode === 0)) return undefined;
  const pauseSeconds = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** attempt);
  return new Date(Date.parse(exit.finishedAt) + pauseSeconds * 1000);
}
