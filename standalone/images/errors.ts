// Every way an image cannot be had. The reason is also the waiting reason's cause, and the log field.
import { ToolError } from "@knvirt/tools";

export type ImageReason =
  | "InvalidReference"
  | "NotStored"
  | "NotFound"
  | "Unauthorized"
  | "Unreachable"
  | "NoSpace"
  | "BadImage"
  | "BadCredentials"
  | "PullFailed";

export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly reason: ImageReason;

  constructor(reason: ImageReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

interface Symptom {
  reason: ImageReason;
  sign: RegExp;
  says: string;
}

/** What skopeo and umoci write when they fail; the first row that fits wins. */
const symptoms: Symptom[] = [
  { reason: "NoSpace", sign: /no space left on device|disk quota exceeded/i, says: "no space left on the disk" },
  {
    reason: "Unauthorized",
    sign: /unauthorized|authentication required|access to the resource is denied|status code 40[13]|\b40[13] \(|403 Forbidden/i,
    says: "the registry refused access: check the reference and the pull secret",
  },
  {
    reason: "NotFound",
    sign: /manifest unknown|name unknown|not found|no such file or directory|no descriptor found|no image found|status code 404/i,
    says: "there is no such image",
  },
  {
    reason: "Unreachable",
    sign: /no such host|connection refused|i\/o timeout|network is unreachable|no route to host|connection reset|server misbehaving|TLS handshake|x509|deadline exceeded|\bEOF$|bad gateway|service unavailable|HTTP response to HTTPS/im,
    says: "the registry cannot be reached",
  },
  {
    reason: "BadImage",
    sign: /digest|invalid|unexpected EOF|unsupported|malformed|parsing|unpack|corrupt|archive\/tar/i,
    says: "the image is damaged or of an unknown format",
  },
];

/** What a failed pull of `reference` means. */
export function imageFailure(reference: string, error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  const detail = error instanceof ToolError ? plain(error.stderr || error.message) : String(error);
  const { reason, says } = symptoms.find(({ sign }) => sign.test(detail)) ?? {
    reason: "PullFailed" as const,
    says: "it cannot be pulled",
  };
  return new ImageError(reason, `image ${reference}: ${says}: ${detail}`, { cause: error });
}

/** skopeo logs in logfmt: the message alone is what a user wants to read. */
function plain(stderr: string): string {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  const message = /msg=("(?:[^"\\]|\\.)*")/.exec(last)?.[1];
  return (message ? (JSON.parse(message) as string) : last).slice(0, 1000);
}
