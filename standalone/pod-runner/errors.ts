// Every way a pod cannot be run. A reason is the container's waiting reason and the event's reason.
import { ImageError } from "../images/index.ts";

export type PodReason =
  | "CreateContainerConfigError"
  | "RunContainerError"
  | "FailedMount"
  | "FailedCreatePodSandBox"
  | "ErrImagePull"
  | "ErrImageNeverPull"
  | "InvalidImageName";

export class PodError extends Error {
  override readonly name = "PodError";
  readonly reason: PodReason;

  constructor(reason: PodReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What went wrong, in the words kubectl users know; `otherwise` names the step that was under way. */
export function asPodError(error: unknown, otherwise: PodReason): PodError {
  if (error instanceof PodError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ImageError)) return new PodError(otherwise, message, { cause: error });
  if (error.reason === "NotStored") return new PodError("ErrImageNeverPull", message, { cause: error });
  if (error.reason === "InvalidReference") return new PodError("InvalidImageName", message, { cause: error });
  return new PodError("ErrImagePull", message, { cause: error });
}
