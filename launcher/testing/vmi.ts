// Builders for tests: a small VMI, and what would be prepared for it.
import { disksOf, interfacesOf, type VirtualMachineInstance, type VmiSpec } from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import type { Conversion, DiskImage } from "../domain/conversion.ts";

export const aVmi = (
  spec: Omit<VmiSpec, "domain"> & { domain?: VmiSpec["domain"] } = {},
): VirtualMachineInstance => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachineInstance",
  metadata: { name: "web", namespace: "default", uid: "3c5b2a52-7c7e-4f0a-9d3b-0a5d1c9c7e11" },
  spec: { ...spec, domain: { memory: { guest: "64Mi" }, ...spec.domain } },
});

const preparedInterface = (name: string, index: number): PodInterface => ({
  name,
  tap: `tap${index}`,
  mac: `02:11:22:33:44:0${index}`,
  mtu: 1500,
  bridge: "k6t-eth0",
  guestAddress: "10.0.2.2",
  prefixLength: 24,
  gateway: "10.0.2.1",
  dnsServers: ["10.96.0.10"],
  searchDomains: ["default.svc.cluster.local"],
});

const overlay = (name: string): DiskImage => ({
  path: `/disks/${name}.qcow2`,
  format: "qcow2",
  backing: { path: `/container-disks/${name}/disk/disk.img`, format: "raw" },
  directIo: true,
});

export const aConversion = (
  spec?: Parameters<typeof aVmi>[0],
  given: Partial<Omit<Conversion, "vmi">> = {},
): Conversion => {
  const vmi = aVmi(spec);
  return {
    vmi,
    domainType: "kvm",
    emulator: "/usr/bin/qemu-system-x86_64",
    images: Object.fromEntries(disksOf(vmi.spec).map(({ name }) => [name, overlay(name)])),
    interfaces: interfacesOf(vmi.spec).map(({ name }, index) => preparedInterface(name, index)),
    kernelBoot: {},
    acpiTables: {},
    efiVariables: "/private/efi-variables.fd",
    sockets: { serial: "/sockets/serial0.sock", vnc: "/sockets/vnc.sock" },
    serialLog: "/private/serial0.log",
    ...given,
  };
};
