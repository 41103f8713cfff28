// What a domain is made from: the VMI, and what was prepared for it on this node.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import { LauncherError } from "../errors.ts";
import { element, type XmlElement } from "./xml.ts";

/** A volume as a file. */
export interface DiskImage {
  path: string;
  format: "raw" | "qcow2";
  /** What the file is an overlay of. */
  backing?: { path: string; format: "raw" | "qcow2" };
  /** The file systems below allow to go around the host's cache. */
  directIo: boolean;
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

/** The virtio model of every device: without the pre-1.0 interface, as upstream. */
export const virtioModel = "virtio-non-transitional";

export const unsupported = (conversion: Conversion, what: string): LauncherError =>
  new LauncherError("UnsupportedDevice", `${vmiText(conversion.vmi)}: ${what}`);
