// How a failure of the system reads in a message to the user.
import { ToolError } from "@knvirt/tools";

/** Without the path in our own pod, which the user has never seen. */
const texts: Record<string, string> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EACCES: "permission denied: the file must be readable for user 107",
  ENOSPC: "no space left",
  EROFS: "read-only file system",
};

export function failureText(error: unknown): string {
  if (error instanceof ToolError && error.exitCode) return error.stderr.trim().split("\n").at(-1) || error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return texts[code ?? ""] ?? message;
}
