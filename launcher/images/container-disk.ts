// A disk out of a container image: found, checked, and covered by an overlay that takes the guest's writes.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import { runTool } from "@knvirt/tools";
import type { DiskImage } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { failureText } from "./failure.ts";
import { fileInside, resolveInside } from "./inside.ts";
import { limits } from "./limits.ts";
import { ensureOverlay } from "./overlay.ts";
import type { Workplace } from "./workplace.ts";

const directory = "/disk";

export async function containerDisk(volume: Volume, { paths, vmi }: Workplace): Promise<DiskImage> {
  const invalid = (what: string, error?: unknown): LauncherError =>
    new LauncherError("ContainerDiskInvalid", `volume ${volume.name} of ${vmi}: container disk ${what}`, {
      cause: error,
    });
  const source = await imageFile(paths.containerDisk(volume.name), volume.containerDisk?.path).catch(
    (error: unknown) => {
      throw invalid(`cannot be found in its image: ${failureText(error)}`, error);
    },
  );
  const { format, size } = await inspect(source).catch((error: unknown) => {
    throw invalid(`is no usable image: ${failureText(error)}`, error);
  });
  const path = join(paths.disks, `${volume.name}.qcow2`);
  await ensureOverlay({ path, source, format, size });
  return { path, format: "qcow2", backing: { path: source, format }, directIo: await supportsDirectIo(source, path) };
}

/** The path when it is given, else the only file in /disk. */
async function imageFile(root: string, path: string | undefined): Promise<string> {
  if (path) return fileInside(root, path);
  const names = await readdir(await resolveInside(root, directory));
  if (names.length !== 1)
    throw new Error(`${directory} has ${names.length} files, expected exactly one: set containerDisk.path`);
  return fileInside(root, `${directory}/${names[0]}`);
}

interface ImageInformation {
  format: string;
  "virtual-size": number;
  "backing-filename"?: string;
  "format-specific"?: { data?: { "data-file"?: string } };
}

/** An image that refers to other files would let its author read ours: such an image is refused. */
async function inspect(path: string): Promise<{ format: "raw" | "qcow2"; size: number }> {
  const found = JSON.parse(
    await runTool("qemu-img", ["info", "-U", "--output=json", path], limits),
  ) as ImageInformation;
  const { format, "virtual-size": size, "backing-filename": backing, "format-specific": specific } = found;
  if (format !== "raw" && format !== "qcow2") throw new Error(`format ${format}, expected raw or qcow2`);
  if (backing !== undefined) throw new Error("it has a backing file, expected none");
  if (specific?.data?.["data-file"] !== undefined) throw new Error("it has an external data file, expected none");
  if (size === 0) throw new Error("it is empty");
  return { format, size };
}
