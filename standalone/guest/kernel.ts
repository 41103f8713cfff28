// The kernel in the form that boots fastest. A bzImage unpacks itself in the guest, which takes an emulated processor
// over a second; the ELF image inside it is started by QEMU directly (PVH). Pure.
import { decompressLegacyLz4 } from "./lz4.ts";

/** Offsets in the boot header. Source: Linux, Documentation/arch/x86/boot.rst. */
const header = { setupSectors: 0x1f1, magic: 0x202, payloadOffset: 0x248, payloadLength: 0x24c };
const sectorBytes = 512;
const magic = "HdrS";
const lz4Magic = 0x184c2102;
const elfMagic = "\x7fELF";

/** The ELF image in a bzImage; the bzImage itself when its payload is packed some other way. */
export function bootableKernel(bzImage: Buffer): Buffer {
  if (bzImage.toString("latin1", header.magic, header.magic + 4) !== magic)
    throw new Error("kernel is no bzImage: it has no boot header");
  const start = ((bzImage[header.setupSectors] ?? 0) + 1) * sectorBytes + bzImage.readUInt32LE(header.payloadOffset);
  const payload = bzImage.subarray(start, start + bzImage.readUInt32LE(header.payloadLength));
  if (payload.readUInt32LE(0) !== lz4Magic) return bzImage;
  const size = payload.readUInt32LE(payload.length - 4);
  const image = decompressLegacyLz4(payload.subarray(0, -4), size);
  return image.toString("latin1", 0, 4) === elfMagic ? image : bzImage;
}
