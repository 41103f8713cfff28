// A disk that begins as a claim's and is thrown away: the claim is the backing of an overlay, and never written to.
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import type { DiskImage } from "../domain/conversion.ts";
import { claimedDisk } from "./claim.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { ensureOverlay } from "./overlay.ts";
import type { Workplace } from "./workplace.ts";

export async function ephemeral(volume: Volume, workplace: Workplace): Promise<DiskImage> {
  const { path: source, isDevice, format } = await claimedDisk(volume, workplace, "r");
  const path = join(workplace.paths.disks, `${volume.name}.qcow2`);
  await ensureOverlay({ path, source, format });
  const backing = { path: source, format, ...(isDevice && { isDevice }) };
  return { path, format: "qcow2", backing, directIo: await supportsDirectIo(source, path) };
}
