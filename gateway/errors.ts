// Every way the gateway refuses a call: an HTTP status code and the reason that goes with it.
import { ApiError } from "@knvirt/kubernetes";

const reasons = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  413: "RequestEntityTooLarge",
  426: "UpgradeRequired",
  500: "InternalError",
  501: "NotImplemented",
  503: "ServiceUnavailable",
} as const;

export type StatusCode = keyof typeof reasons;

export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: StatusCode;

  constructor(code: StatusCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Refusal {
  code: number;
  /** A metav1.Status, which is what clients of Kubernetes read. */
  body: {
    kind: "Status";
    apiVersion: "v1";
    metadata: object;
    status: "Failure";
    message: string;
    reason: string;
    code: number;
  };
}

/** What the caller is told. An error nobody planned is a bug: its text stays in our log. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof GatewayError) return refusal(error.code, reasons[error.code], error.message);
  if (error instanceof ApiError) return refusal(error.code, error.reason || "InternalError", error.message);
  return refusal(500, reasons[500], "the gateway failed: see its log");
}

const refusal = (code: number, reason: string, message: string): Refusal => ({
  code,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
});
