// A probe that failed, as users see it. Whether they could be told does not matter to the pod.
import { keyOf, type Pod } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { RecordEvent } from "../events.ts";

export async function tellUnhealthy(
  { log, recordEvent }: { log: Logger; recordEvent: RecordEvent },
  pod: Pod,
  message: string,
): Promise<void> {
  try {
    await recordEvent(pod, { type: "Warning", reason: "Unhealthy", message });
  } catch (error) {
    log.warn({ pod: keyOf(pod), error }, "failed probe cannot be told");
  }
}
