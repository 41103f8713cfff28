// Threads that serve virtio disks apart from QEMU's main one: how many, and which disk has which.
import { disksOf, type VirtualMachineInstance, vcpusOf } from "@knvirt/api";
import type { Conversion } from "./conversion.ts";
import { textElement, type XmlElement } from "./xml.ts";

const sharedThreads = 1;

/** By name of the disk; threads are numbered from 1, those of one disk alone after all others. */
export function ioThreadsOf({ spec }: VirtualMachineInstance): { count: number; ofDisk: Map<string, number> } {
  const policy = spec.domain.ioThreadsPolicy;
  const virtio = disksOf(spec).filter(({ disk }) => disk?.bus === "virtio");
  const dedicated = virtio.filter(({ dedicatedIOThread }) => dedicatedIOThread);
  if (policy === undefined && dedicated.length === 0) return { count: 0, ofDisk: new Map() };
  const others = virtio.filter(({ dedicatedIOThread }) => !dedicatedIOThread);
  const pool = policy === "auto" ? Math.min(others.length, 2 * vcpusOf(spec)) : sharedThreads;
  return {
    count: pool + dedicated.length,
    ofDisk: new Map([
      ...others.map(({ name }, index) => [name, 1 + (index % pool)] as const),
      ...dedicated.map(({ name }, index) => [name, 1 + pool + index] as const),
    ]),
  };
}

export function ioThreads({ vmi }: Conversion): XmlElement[] {
  const { count } = ioThreadsOf(vmi);
  return count > 0 ? [textElement("iothreads", count)] : [];
}
