// Memory that the launcher pod needs beside the guest's own: upstream's formula with what our parts measure.
import { usesEmulation, type VirtualMachineInstance, vcpusOf } from "@knvirt/api";
import { parseQuantity } from "@knvirt/kubernetes";
import type { Observed } from "./observed.ts";

const mebi = 1024 ** 2;
/** Resident sizes, rounded up. Upstream's parts are larger, and it has two more: a monitor and virtlogd. */
const launcherBytes = 46 * mebi;
const libvirtdBytes = 27 * mebi;
const qemuBytes = 50 * mebi;
const vcpuBytes = 8 * mebi;
const ioThreadBytes = 8 * mebi;
const graphicsBytes = 32 * mebi;
/** The translation cache of the emulator, which the launcher sets to this size. */
const translationCacheBytes = 32 * mebi;

export function memoryOverheadOf(vmi: VirtualMachineInstance, kubevirt: Observed["kubevirt"]): number {
  const { devices, resources } = vmi.spec.domain;
  const parts = [
    launcherBytes,
    libvirtdBytes,
    qemuBytes,
    vcpuBytes * vcpusOf(vmi.spec),
    ioThreadBytes,
    devices?.autoattachGraphicsDevice === false ? 0 : graphicsBytes,
    usesEmulation(kubevirt) ? translationCacheBytes : 0,
    pageTableBytes(resources?.requests?.memory),
  ];
  return parts.reduce((sum, part) => sum + part, 0);
}

/** One entry of eight bytes for each page of 4 KiB of the request; as upstream, of that field only. */
const pageTableBytes = (request: string | number | undefined): number =>
  request === undefined ? 0 : Math.ceil(parseQuantity(request) / 512);
