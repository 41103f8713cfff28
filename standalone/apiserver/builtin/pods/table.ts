// The columns of `kubectl get pods`.
import { isRecord, type KubernetesObject } from "../../object.ts";
import { ageText } from "../../table/age.ts";
import type { TableColumns } from "../../table/columns.ts";
import { type ContainerStatus, specOf, statusOf } from "./parts.ts";

const ended = (status: ContainerStatus) => status.state?.terminated;

function endText({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode?: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

/** The word that says most about a pod: why a container waits or ended, else the phase. */
function statusText(pod: KubernetesObject): string {
  const { phase = "Pending", reason, containerStatuses = [] } = statusOf(pod);
  if (pod.metadata.deletionTimestamp) return reason === "NodeLost" ? "Unknown" : "Terminating";
  const words = containerStatuses.toReversed().map((status) => {
    const end = ended(status);
    return status.state?.waiting?.reason || (end && endText(end)) || "";
  });
  const word = words.findLast((candidate) => candidate !== "") ?? reason ?? phase;
  const isRunning = containerStatuses.some(({ ready, state }) => ready && isRecord(state?.running));
  return word === "Completed" && isRunning ? "Running" : word;
}

const column = (name: string, description: string, priority = 0) => ({ name, type: "string", description, priority });

export const podTable: TableColumns = {
  columns: [
    { ...column("Name", "Name of the pod."), format: "name" },
    ...[column("Ready", "Containers that do their work."), column("Status", "What the pod is doing.")],
    ...[column("Restarts", "How often containers were started again."), column("Age", "Time since it was created.")],
    ...[column("IP", "Address of the pod.", 1), column("Node", "Machine that runs it.", 1)],
    ...[column("Nominated Node", "Not used.", 1), column("Readiness Gates", "Not used.", 1)],
  ],
  cells: (pod, now) => {
    const { containers = [], nodeName } = specOf(pod);
    const { containerStatuses = [], podIP } = statusOf(pod);
    const ready = containerStatuses.filter((status) => status.ready).length;
    const restarts = containerStatuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
    return [
      ...[pod.metadata.name, `${ready}/${containers.length}`, statusText(pod), String(restarts)],
      ageText(pod.metadata.creationTimestamp, now),
      ...[podIP || "<none>", nodeName || "<none>", "<none>", "<none>"],
    ];
  },
};
