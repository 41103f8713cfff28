// Every way a function fails. A reason is also the metric label and the log field: one search finds them all.
import { ApiError } from "@knvirt/kubernetes";
import type { Refusal } from "./intents.ts";

/** The HTTP status that each answers with. */
const reasons = {
  BadEvent: 400,
  ConflictsPersist: 503, // worth a retry: others write the same objects just now
  RefusalUnanswered: 500,
  TooLarge: 413,
  UndeclaredWrite: 500,
  UnsortedList: 500,
} as const satisfies Record<string, number>;

export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly reason: keyof typeof reasons;

  constructor(reason: keyof typeof reasons, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The world moved between observing and applying. */
export class WorldMoved extends Error {
  override readonly name = "WorldMoved";
}

/** The API server understood a write and will not have it. */
export class WriteRefused extends Error {
  override readonly name = "WriteRefused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.refusal = refusal;
  }
}

/** One word for metrics and logs. */
export function reasonOf(error: unknown): string {
  if (error instanceof FunctionError) return error.reason;
  if (error instanceof ApiError) return error.reason || `HTTP${error.code}`;
  return error instanceof Error ? error.name : "Unknown";
}

export const httpStatusOf = (error: unknown): number =>
  error instanceof FunctionError ? reasons[error.reason] : 500;
