// Every way a patch is refused; the code is the HTTP status that Kubernetes answers in the same case.

/** 400: the patch is malformed; 413: it is too large; 422: it is well formed but does not fit the object. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly code: 400 | 413 | 422;

  constructor(code: 400 | 413 | 422, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One entry of a Status' `details.causes`. */
export interface ConflictCause {
  reason: "FieldManagerConflict";
  message: string;
  field: string;
}

/** Fields are owned by other managers, with other values: answered as 409 Conflict. */
export class ApplyConflict extends Error {
  override readonly name = "ApplyConflict";
  readonly code = 409;
  readonly causes: ConflictCause[];

  constructor(message: string, causes: ConflictCause[]) {
    super(message);
    this.causes = causes;
  }
}
