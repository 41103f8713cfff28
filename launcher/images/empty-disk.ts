// An empty disk that lives as long as the instance.
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import { parseQuantity } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import type { DiskImage } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import { exists } from "../if-there.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { limits } from "./limits.ts";
import type { Workplace } from "./workplace.ts";

const mebibyte = 2 ** 20;

export async function emptyDisk(volume: Volume, { paths, vmi }: Workplace): Promise<DiskImage> {
  const capacity = volume.emptyDisk?.capacity ?? "0";
  const size = wholeMebibytes(capacity);
  if (size < mebibyte)
    throw new LauncherError(
      "EmptyDiskInvalid",
      `volume ${volume.name} of ${vmi}: emptyDisk.capacity is ${capacity}, expected 1Mi or more`,
    );
  const path = join(paths.disks, `${volume.name}.qcow2`);
  if (!(await exists(path))) {
    await runTool("qemu-img", ["create", "-q", "-f", "qcow2", `${path}.new`, `${size}`], limits);
    await rename(`${path}.new`, path);
  }
  return { path, format: "qcow2", directIo: await supportsDirectIo(path) };
}

/** Rounded down: some guests do not like disks that end in the middle of a mebibyte. */
export const wholeMebibytes = (capacity: string | number): number =>
  Math.floor(parseQuantity(capacity) / mebibyte) * mebibyte;
