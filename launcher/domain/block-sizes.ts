// Which block sizes a guest sees of a disk: chosen ones, or those that its volume was found to have.
import type { Disk, VirtualMachineInstance } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { type BlockSizes, type DiskImage, isOn, vmiText } from "./conversion.ts";

/** The largest pages that every operating system can read a disk in. A file system may say more where it means that
 * larger pieces are quicker, as NFS does: that is what the physical size is for. */
const mostOfFile = 4096;
const limits = { least: 512, most: 2 ** 21 };

interface Drive {
  disk: Disk;
  device: "disk" | "cdrom";
  bus: string;
}

/** Undefined where QEMU's own sizes are good. */
export function blockSizesOf(vmi: VirtualMachineInstance, drive: Drive, image: DiskImage): BlockSizes | undefined {
  const { custom, matchVolume } = drive.disk.blockSize ?? {};
  if (!isOn(matchVolume)) return custom;
  const { blocks, isDevice } = image;
  if (!blocks) throw new Error(`block sizes of ${image.path} were not looked up`);
  const sizes = isDevice ? blocks : { ...blocks, logical: Math.min(blocks.logical, mostOfFile) };
  refuseImpossible(vmi, drive, sizes);
  return sizes;
}

function refuseImpossible(vmi: VirtualMachineInstance, { disk, device, bus }: Drive, sizes: BlockSizes): void {
  const refused = (what: string): LauncherError =>
    new LauncherError(
      "BlockSizeNotSupported",
      `disk ${disk.name} of ${vmiText(vmi)} is to match its volume, ${what}`,
    );
  for (const [kind, bytes] of Object.entries(sizes))
    if (!isPossible(bytes))
      throw refused(
        `whose ${kind} blocks are impossible: found ${bytes} bytes, expected a power of two from ${limits.least} to ${limits.most}, or blockSize.custom`,
      );
  const fixed = device === "cdrom" ? "a CD-ROM drive" : bus === "sata" ? "a disk on bus sata" : undefined;
  if (fixed && sizes.logical !== limits.least)
    throw refused(
      `but ${fixed} has logical blocks of ${limits.least} bytes: found ${sizes.logical}, use another bus or leave matchVolume out`,
    );
}

const isPossible = (bytes: number): boolean =>
  bytes >= limits.least && bytes <= limits.most && Number.isInteger(Math.log2(bytes));
