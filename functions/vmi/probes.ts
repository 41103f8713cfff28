// Probes of the compute container: kubelet asks over the network itself, and asks the guest's agent by a program of ours.
import { type GuestProbe, launcherProgram, type VmiSpec } from "@knvirt/api";
import type { Container, Probe } from "@knvirt/kubernetes";

/** A launcher takes so long to have a guest that could answer at all. */
const startSeconds = 10;
/** The program gives up by itself, and says why, before the kubelet ends it. */
const extraSeconds = 1;

export const probesOf = ({
  readinessProbe,
  livenessProbe,
}: VmiSpec): Pick<Container, "readinessProbe" | "livenessProbe"> => ({
  ...(readinessProbe && { readinessProbe: podProbe("readiness", readinessProbe) }),
  ...(livenessProbe && { livenessProbe: podProbe("liveness", livenessProbe) }),
});

/** How many of the probes start a process in the launcher's container. */
export const agentProbesOf = ({ readinessProbe, livenessProbe }: VmiSpec): number =>
  [readinessProbe, livenessProbe].filter((probe) => probe?.exec || probe?.guestAgentPing).length;

function podProbe(purpose: "readiness" | "liveness", probe: GuestProbe): Probe {
  const { initialDelaySeconds = 0, timeoutSeconds = 1, periodSeconds = 10, httpGet, tcpSocket } = probe;
  const question = agentQuestion(probe);
  const command = question && [...launcherProgram.probe, purpose, `${timeoutSeconds}`, ...question];
  return {
    ...(command && { exec: { command } }),
    ...(httpGet && { httpGet }),
    ...(tcpSocket && { tcpSocket }),
    initialDelaySeconds: initialDelaySeconds + startSeconds,
    timeoutSeconds: command ? timeoutSeconds + extraSeconds : timeoutSeconds,
    periodSeconds,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

function agentQuestion({ exec, guestAgentPing }: GuestProbe): string[] | undefined {
  if (exec) return ["exec", ...exec.command];
  return guestAgentPing && ["ping"];
}
