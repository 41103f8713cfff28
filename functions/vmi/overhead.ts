// Memory that the launcher pod needs beside the guest's own: upstream's formula with what our parts measure.
import { usesEmulation, type VirtualMachineInstance, vcpusOf } from "@knvirt/api";
import { parseQuantity } from "@knvirt/kubernetes";
import { generatedBytes } from "./configuration-volumes.ts";
import type { Observed } from "./observed.ts";
import { agentProbesOf } from "./probes.ts";

const mebi = 1024 ** 2;
/** Resident sizes, rounded up. Upstream's parts are larger, and it has two more: a monitor and virtlogd. */
const launcherBytes = 46 * mebi;
const libvirtdBytes = 27 * mebi;
const qemuBytes = 50 * mebi;
const vcpuBytes = 8 * mebi;
const ioThreadBytes = 8 * mebi;
const graphicsBytes = 32 * mebi;
/** The program that emulates it. */
const tpmBytes = 53 * mebi;
/** Of the program that asks the guest's agent: what it does not share with the launcher. */
const probeBytes = 32 * mebi;
/** The translation cache of the emulator, which the launcher sets to this size. */
const translationCacheBytes = 32 * mebi;

export function memoryOverheadOf(vmi: VirtualMachineInstance, kubevirt: Observed["kubevirt"]): number {
  const { devices, memory, resources } = vmi.spec.domain;
  const parts = [
    launcherBytes,
    libvirtdBytes,
    qemuBytes,
    vcpuBytes * vcpusOf(vmi.spec),
    ioThreadBytes,
    devices?.autoattachGraphicsDevice === false ? 0 : graphicsBytes,
    usesEmulation(kubevirt) ? translationCacheBytes : 0,
    agentProbesOf(vmi.spec) * probeBytes,
    generatedBytes(vmi.spec),
    devices?.tpm && devices.tpm.enabled !== false ? tpmBytes : 0,
    pageTableBytes(resources?.requests?.memory),
    parseQuantity(memory?.reservedOverhead?.addedOverhead ?? 0),
  ];
  return parts.reduce((sum, part) => sum + part, 0);
}

/** One entry of eight bytes for each page of 4 KiB of the request; as upstream, of that field only. */
const pageTableBytes = (request: string | number | undefined): number =>
  request === undefined ? 0 : Math.ceil(parseQuantity(request) / 512);
