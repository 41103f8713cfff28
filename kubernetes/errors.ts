// How the API server refuses: a metav1.Status, thrown as an error.

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  causes?: { reason?: string; message?: string; field?: string }[];
  retryAfterSeconds?: number;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status code. */
  readonly code: number;
  /** metav1.StatusReason, such as NotFound, AlreadyExists, Conflict, Invalid; empty when the server gave none. */
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(code: number, body: { message?: string; reason?: string; details?: StatusDetails }) {
    super(body.message ?? `API server answered ${code}`);
    this.code = code;
    this.reason = body.reason ?? "";
    this.details = body.details ?? {};
  }
}

const is = (reason: string, code: number) => (error: unknown) =>
  error instanceof ApiError && (error.reason === reason || (error.reason === "" && error.code === code));

export const isNotFound = is("NotFound", 404);
export const isAlreadyExists = is("AlreadyExists", -1);
export const isConflict = is("Conflict", 409);
export const isInvalid = is("Invalid", 422);
/** What was decided on is not there any more: it has changed, is gone, or another object has its name, which a write that
 * names its uid is told as an attempt to change that. Who decided looks again. */
export const hasMoved = (error: unknown): boolean =>
  isConflict(error) ||
  isNotFound(error) ||
  (isInvalid(error) && (error as ApiError).details.causes?.some(({ field }) => field === "metadata.uid") === true);
/** The resource version asked for is no longer kept: list again. */
export const isExpired = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 410 || error.reason === "Expired" || error.reason === "Gone");
