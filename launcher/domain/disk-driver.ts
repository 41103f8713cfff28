// How the host reads and writes a disk's image: through its cache or around it, in which way, and what follows a failure.
import type { Disk, VirtualMachineInstance } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { type DiskImage, vmiText } from "./conversion.ts";

interface Driver {
  cache: string;
  io: string | undefined;
  error_policy: string;
}

export function driverOf(vmi: VirtualMachineInstance, disk: Disk, image: DiskImage): Driver {
  const cache = disk.cache ?? (image.directIo ? "none" : "writethrough");
  refuseImpossible(vmi, disk, { ...image, cache });
  const io = disk.io ?? (image.isDevice && cache === "none" ? "native" : undefined);
  return { cache, io, error_policy: disk.errorPolicy ?? "stop" };
}

function refuseImpossible(
  vmi: VirtualMachineInstance,
  { name, io, shareable, cache }: Disk,
  image: DiskImage & { cache: string },
): void {
  const refused = (what: string, instead: string): LauncherError =>
    new LauncherError("CacheNotSupported", `disk ${name} of ${vmiText(vmi)} ${what}: ${instead}`);
  const noDirectIo = `but the file system of ${image.path} has no direct I/O`;
  if (shareable && image.format !== "raw")
    throw refused("is shareable, but its image is one of its own", "leave shareable out, or use a raw volume");
  if (cache === "none" && !image.directIo)
    throw refused(`asks for cache none, ${noDirectIo}`, "leave cache out, or use writethrough or writeback");
  if (image.cache === "none") return;
  if (io === "native") throw refused(`asks for io native, ${noDirectIo}`, "use io threads");
  if (shareable) throw refused(`is shareable, ${noDirectIo}`, "leave shareable out");
}
