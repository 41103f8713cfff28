// Overlays that take a guest's writes, so that what lies below stays as it is.
import { rename } from "node:fs/promises";
import { runTool } from "@knvirt/tools";
import { exists } from "../if-there.ts";
import { limits } from "./limits.ts";

export interface Overlay {
  path: string;
  source: string;
  /** Said, never found out. */
  format: "raw" | "qcow2";
  /** That of the source when left out. */
  size?: number;
}

/** One that is there is kept: a domain may be using it. Under another name until it is complete: an overlay half made
 * must not be taken for one. */
export async function ensureOverlay({ path, source, format, size }: Overlay): Promise<void> {
  if (await exists(path)) return;
  const backing = ["-F", format, "-b", source];
  const known = size === undefined ? [] : ["-u"]; // the source need not be opened for it
  const sizes = size === undefined ? [] : [`${size}`];
  await runTool("qemu-img", ["create", "-q", "-f", "qcow2", ...known, ...backing, `${path}.new`, ...sizes], limits);
  await rename(`${path}.new`, path);
}
