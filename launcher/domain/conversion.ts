// What a domain is made from: the VMI, and what was prepared for it on this node.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import { LauncherError } from "../errors.ts";
import { element, type XmlElement } from "./xml.ts";

/** A volume as a file, or as a block device. */
export interface DiskImage {
  path: string;
  isDevice?: boolean;
  format: "raw" | "qcow2";
  /** What the file is an overlay of. */
  backing?: { path: string; isDevice?: boolean; format: "raw" | "qcow2" };
  /** The file systems below allow to go around the host's cache. */
  directIo: boolean;
  /** Of the device, or of the file system that the file lies on; known where the disk is to have the same. */
  blocks?: BlockSizes;
}

/** In bytes. */
export interface BlockSizes {
  logical: number;
  physical: number;
}

export interface Conversion {
  vmi: VirtualMachineInstance;
  /** What runs the guest's processors: KVM, or QEMU itself by emulation. */
  domainType: "kvm" | "qemu";
  /** QEMU's binary. */
  emulator: string;
  /** By name of the volume. */
  images: Record<string, DiskImage>;
  interfaces: PodInterface[];
  kernelBoot: { kernel?: string; initrd?: string };
  /** Files of tables by their type. */
  acpiTables: { slic?: string };
  /** File that EFI keeps its variables in. */
  efiVariables: string;
  /** Where QEMU listens. */
  sockets: { serial: string; vnc: string };
  serialLog: string;
}

export const vmiText = ({ metadata: { namespace, name } }: VirtualMachineInstance): string => `${namespace}/${name}`;

/** The name of the spec travels as the device's alias, and so comes back with everything that libvirt tells. */
const aliasPrefix = "ua-";
export const alias = (name: string): XmlElement => element("alias", { name: aliasPrefix + name });
export const nameOfAlias = (text: string): string | undefined =>
  text.startsWith(aliasPrefix) ? text.slice(aliasPrefix.length) : undefined;

/** The virtio model of every device: without the interface from before 1.0 unless asked for, as upstream. */
export const virtioModel = ({ vmi }: Conversion): string =>
  vmi.spec.domain.devices?.useVirtioTransitional ? "virtio-transitional" : "virtio-non-transitional";

/** Something that is on as soon as it is mentioned, unless it is switched off. */
export const isOn = (feature: { enabled?: boolean } | undefined): boolean =>
  feature !== undefined && feature.enabled !== false;

const pciParts = /^([\da-f]{4}):([\da-f]{2}):([\da-f]{2})\.([0-7])$/i;

/** Where on the guest's PCI bus a device sits; libvirt chooses when it is not said. */
export function pciAddress(text: string | undefined): XmlElement[] {
  const [, domain, bus, slot, fn] = pciParts.exec(text ?? "") ?? [];
  if (!domain) return [];
  return [
    element("address", {
      type: "pci",
      domain: `0x${domain}`,
      bus: `0x${bus}`,
      slot: `0x${slot}`,
      function: `0x${fn}`,
    }),
  ];
}

export const unsupported = (conversion: Conversion, what: string): LauncherError =>
  new LauncherError("UnsupportedDevice", `${vmiText(conversion.vmi)}: ${what}`);
