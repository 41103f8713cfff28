// What users see of an image that is fetched for a pod.
import { keyOf, type Pod } from "@knvirt/kubernetes";
import type { PullProgress } from "../images/index.ts";
import { applyStatus, type Shell } from "./shell.ts";
import { podStatus } from "./status.ts";

/** A pull can take minutes: users see that it goes on. Whether they could be told does not matter to the pull. */
export async function tellPull(
  shell: Shell,
  pod: Pod,
  { reference, progress }: { reference: string; progress: PullProgress },
) {
  const { log, hostIP } = shell;
  log.info({ pod: keyOf(pod), reference, ...progress }, "pulling image");
  if (progress.stage !== "copying" || progress.line !== undefined) return;
  const status = podStatus(pod, { machine: undefined, trouble: undefined, verdicts: {}, hostIP, now: new Date() });
  try {
    await shell.recordEvent(pod, { type: "Normal", reason: "Pulling", message: `pulling image ${reference}` });
    await applyStatus(shell, pod, status);
  } catch (error) {
    log.warn({ pod: keyOf(pod), error }, "pull cannot be told");
  }
}
