// Every way the launcher fails. A reason is also the event reason, the condition reason and the log field.
import { status } from "@grpc/grpc-js";
import { CallTimeoutError, ConnectionError } from "@knvirt/libvirt";

const reasons = {
  InvalidRequest: status.INVALID_ARGUMENT,
  UnsupportedDevice: status.INVALID_ARGUMENT,
  InvalidMemory: status.INVALID_ARGUMENT,
  ContainerDiskInvalid: status.INVALID_ARGUMENT,
  KernelBootInvalid: status.INVALID_ARGUMENT,
  CloudInitInvalid: status.INVALID_ARGUMENT,
  EmptyDiskInvalid: status.INVALID_ARGUMENT,
  DiskInvalid: status.INVALID_ARGUMENT,
  SysprepInvalid: status.INVALID_ARGUMENT,
  ServiceAccountInvalid: status.INVALID_ARGUMENT,
  AcpiTableInvalid: status.INVALID_ARGUMENT,
  CacheNotSupported: status.INVALID_ARGUMENT,
  BlockSizeNotSupported: status.INVALID_ARGUMENT,
  DiskPreparationFailed: status.FAILED_PRECONDITION,
  CapabilitiesRefused: status.FAILED_PRECONDITION,
  DefineFailed: status.FAILED_PRECONDITION,
  StartFailed: status.FAILED_PRECONDITION,
  NetworkFailed: status.FAILED_PRECONDITION,
  GuestStopping: status.FAILED_PRECONDITION,
  OperationRefused: status.FAILED_PRECONDITION,
  NotSupported: status.UNIMPLEMENTED,
  GuestAgentNotConnected: status.FAILED_PRECONDITION,
  GuestAgentFailed: status.FAILED_PRECONDITION,
  GuestAgentNotResponding: status.UNAVAILABLE,
  ExecTimedOut: status.DEADLINE_EXCEEDED,
  DomainNotFound: status.NOT_FOUND,
  GuestNotResponding: status.UNAVAILABLE,
  LibvirtNotResponding: status.UNAVAILABLE,
} as const satisfies Record<string, status>;

export type Reason = keyof typeof reasons;

export class LauncherError extends Error {
  override readonly name = "LauncherError";
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** An error of libvirt's that is only about reaching it is one of ours; every other one stays what it is. */
export function withReason(error: unknown): unknown {
  const isUnreachable = error instanceof ConnectionError || error instanceof CallTimeoutError;
  return isUnreachable ? new LauncherError("LibvirtNotResponding", error.message, { cause: error }) : error;
}

/** What gRPC tells the caller. An error without a reason is a bug: its text stays inside. */
export function toStatus(error: unknown): { code: status; details: string } {
  if (!(error instanceof LauncherError)) return { code: status.INTERNAL, details: "internal error of the launcher" };
  return { code: reasons[error.reason], details: `${error.reason}: ${error.message}` };
}

/** Asking again may help: what was asked for is not at fault. */
export const isTransient = (error: unknown): boolean =>
  error instanceof LauncherError && reasons[error.reason] === status.UNAVAILABLE;
