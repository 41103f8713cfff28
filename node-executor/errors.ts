// Every way the executor fails at a pod. A reason is also the condition reason, the event reason and the log field.
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";

export type Reason =
  /** No process of the pod with a network of its own: it is starting, or has ended. */
  | "PodNetworkNotFound"
  | "NetworkSetupFailed"
  /** Something below a pod's folder is not what it has to be: a symbolic link, or a file instead of a socket. */
  | "UnsafePath"
  /** There is not as much room in a claim or folder as its disk takes. */
  | "DiskTooLarge"
  | "DiskPreparationFailed"
  | "LauncherUnreachable";

/** Both are ordinary for a moment while a pod starts, or its launcher starts again. */
export const isWaiting = (reason: string): boolean =>
  reason === ("PodNetworkNotFound" satisfies Reason) || reason === ("LauncherUnreachable" satisfies Reason);

export class ExecutorError extends Error {
  override readonly name = "ExecutorError";
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface Failure {
  reason: string;
  message: string;
}

/** What a person is told about a failed step. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ExecutorError) return { reason: error.reason, message: error.message };
  if (isServiceError(error)) return refusalOf(error);
  return { reason: "InternalError", message: error instanceof Error ? error.message : String(error) };
}

/** Answers of a gRPC call carry code, details and metadata; no other error does. */
export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && "details" in error && "metadata" in error && error.metadata instanceof Metadata;

/** A launcher says `<Reason>: <message>`; gRPC itself gives a code only. */
function refusalOf({ code, details }: ServiceError): Failure {
  const [, reason, message] = /^([A-Z][A-Za-z]{1,63}): (.+)$/s.exec(details) ?? [];
  if (reason && message) return { reason, message: message.slice(0, longestMessage) };
  const unreachable = code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED;
  return {
    reason: unreachable ? "LauncherUnreachable" : "LauncherCallFailed",
    message: details.slice(0, longestMessage),
  };
}

/** What a launcher says ends up in conditions and events, which have a limit. */
const longestMessage = 1000;
