// Every way a request is refused, as the metav1.Status that clients of Kubernetes expect.
import { groupResource } from "./resource.ts";

export interface StatusCause {
  reason: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
} as const;

export type StatusReason = keyof typeof codes;

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails) {
    super(message);
    this.reason = reason;
    this.details = details;
  }

  get code(): number {
    return codes[this.reason];
  }
}

/** What a message is about: the resource and the name of one of its objects. */
export interface Subject {
  group: string;
  plural: string;
  name: string;
}

const detailsOf = ({ group, plural, name }: Subject): StatusDetails => ({
  name,
  ...(group && { group }),
  kind: plural,
});

const named = (subject: Subject): string => `${groupResource(subject)} ${JSON.stringify(subject.name)}`;

export const badRequest = (message: string): ApiError => new ApiError("BadRequest", message);

export const notFound = (subject: Subject): ApiError =>
  new ApiError("NotFound", `${named(subject)} not found`, detailsOf(subject));

export const noSuchResource = (): ApiError =>
  new ApiError("NotFound", "the server could not find the requested resource", {});

/** Where the name was generated, or could have been, another try may find a free one. */
export function alreadyExists(subject: Subject, generateName?: string): ApiError {
  const message = `${named(subject)} already exists`;
  if (!generateName) return new ApiError("AlreadyExists", message, detailsOf(subject));
  const why = "the server was not able to generate a unique name for the object";
  return new ApiError("AlreadyExists", `${message}, ${why}`, { ...detailsOf(subject), retryAfterSeconds: 1 });
}

export const conflict = (subject: Subject, why: string): ApiError =>
  new ApiError("Conflict", `Operation cannot be fulfilled on ${named(subject)}: ${why}`, detailsOf(subject));

export const modifiedMeanwhile = (subject: Subject): ApiError =>
  conflict(subject, "the object has been modified; please apply your changes to the latest version and try again");

export const forbidden = (subject: Subject, why: string): ApiError =>
  new ApiError("Forbidden", `${named(subject)} is forbidden: ${why}`, detailsOf(subject));

export const methodNotAllowed = (message: string): ApiError => new ApiError("MethodNotAllowed", message, {});

export const expired = (message: string): ApiError => new ApiError("Expired", message);

/** `kind` is the object's kind here, not its plural: so does upstream. */
export function invalid({ group, kind, name }: { group: string; kind: string; name: string }, causes: StatusCause[]) {
  const found = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const list = found.length === 1 ? found[0] : `[${found.join(", ")}]`;
  const what = group ? `${kind}.${group}` : kind;
  return new ApiError("Invalid", `${what} ${JSON.stringify(name)} is invalid: ${list}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind,
    causes,
  });
}

export const failureStatus = ({ reason, message, details, code }: ApiError) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  reason,
  ...(details && { details }),
  code,
});

export const successStatus = (details: StatusDetails) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details,
});

/** What the client is told about any thrown value; one without a reason is a bug, and only our log gets its stack. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RangeError) return badRequest("the request is nested too deeply");
  const said = error instanceof Error ? error.message : String(error);
  const message = isStorageError(error) ? `the object store failed: ${said}` : said;
  return new ApiError("InternalError", `Internal error occurred: ${message}`, { causes: [{ reason: "", message }] });
}

/** As node:sqlite throws when the disk is full or broken. */
const isStorageError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
