// The machines whose domain XML is kept in domain/testdata: one for each choice that a spec offers.
import type { Conversion } from "../domain/conversion.ts";
import { deviceCases } from "./device-cases.ts";
import { machineCases } from "./machine-cases.ts";
import { aConversion } from "./vmi.ts";

const containerDisk = { image: "registry.example/disk" };
const disk = (name: string, rest: object = {}) => ({ name, ...rest });
const volumes = (...names: string[]) => names.map((name) => ({ name, containerDisk }));
const masquerade = (name: string, rest: object = {}) => ({ name, masquerade: {}, ...rest });
const memory = { guest: "64Mi" };

export const domainCases: Record<string, Conversion> = {
  ...machineCases,
  ...deviceCases,
  minimal: aConversion(),
  emulated: aConversion({}, { domainType: "qemu" }),
  bare: aConversion({
    domain: {
      memory,
      devices: {
        autoattachPodInterface: false,
        autoattachSerialConsole: false,
        autoattachGraphicsDevice: false,
        autoattachMemBalloon: false,
      },
    },
  }),
  "all-devices": aConversion({
    domain: { memory, devices: { rng: {}, interfaces: [masquerade("default")] } },
    networks: [{ name: "default", pod: {} }],
    volumes: [...volumes("root"), { name: "scratch", emptyDisk: { capacity: "1Gi" } }],
  }),
  "disk-buses": aConversion({
    domain: {
      memory,
      devices: {
        disks: [
          disk("a", { disk: { bus: "virtio" } }),
          disk("b", { disk: { bus: "sata" } }),
          disk("c", { disk: { bus: "scsi" } }),
          disk("d", { disk: { bus: "virtio", readonly: true } }),
          disk("e", { cdrom: { bus: "sata" } }),
          disk("f", { cdrom: { bus: "scsi" } }),
          disk("g", {}),
        ],
      },
    },
    volumes: volumes("a", "b", "c", "d", "e", "f", "g"),
  }),
  "disk-options": aConversion(
    {
      domain: {
        memory,
        devices: {
          disks: [
            disk("root", { disk: { bus: "virtio" }, bootOrder: 2, serial: "SN-1.a_b+c", cache: "writeback" }),
            disk("install", { cdrom: {}, bootOrder: 1, cache: "writethrough" }),
          ],
        },
      },
      volumes: volumes("root", "install"),
    },
    {
      images: {
        root: { path: "/disks/root.qcow2", format: "qcow2", directIo: false },
        install: { path: "/disks/install.iso", format: "raw", directIo: true },
      },
    },
  ),
  "disk-without-direct-io": aConversion(
    { volumes: [{ name: "cidata", cloudInitNoCloud: { userData: "#!/bin/sh" } }] },
    { images: { cidata: { path: "/disks/cidata.iso", format: "raw", directIo: false } } },
  ),
  "lasting-disks": aConversion(
    {
      domain: { memory, devices: { disks: ["file", "device", "overlay"].map((name) => disk(name, { disk: {} })) } },
      volumes: [
        { name: "file", persistentVolumeClaim: { claimName: "a" } },
        { name: "device", persistentVolumeClaim: { claimName: "b" } },
        { name: "overlay", ephemeral: { persistentVolumeClaim: { claimName: "b" } } },
      ],
    },
    {
      images: {
        file: { path: "/claims/file/disk.img", format: "raw", directIo: true },
        device: { path: "/dev/knvirt/device", isDevice: true, format: "raw", directIo: true },
        overlay: {
          path: "/disks/overlay.qcow2",
          format: "qcow2",
          backing: { path: "/dev/knvirt/overlay", isDevice: true, format: "raw" },
          directIo: true,
        },
      },
    },
  ),
  "qcow2-backing": aConversion(
    { volumes: volumes("root") },
    {
      images: {
        root: {
          path: "/disks/root.qcow2",
          format: "qcow2",
          backing: { path: "/container-disks/root/disk/it's <a> & b.qcow2", format: "qcow2" },
          directIo: true,
        },
      },
    },
  ),
  "kernel-boot": aConversion(
    {
      domain: {
        memory,
        firmware: {
          uuid: "5d307ca9-b3ef-428c-8861-06e72d69f223",
          serial: "e4686d2c-6e8d-4335-b8fd-81bee22f4815",
          kernelBoot: {
            kernelArgs: 'console=ttyS0 quiet "a b" x=<y>',
            container: { image: "registry.example/kernel", kernelPath: "/boot/vmlinuz", initrdPath: "/boot/initrd" },
          },
        },
      },
    },
    { kernelBoot: { kernel: "/kernel-boot/boot/vmlinuz", initrd: "/kernel-boot/boot/initrd" } },
  ),
  topology: aConversion({ domain: { memory, cpu: { sockets: 2, cores: 3, threads: 2, model: "host-passthrough" } } }),
  "named-cpu-emulated": aConversion(
    { domain: { memory, cpu: { model: "Nehalem" }, resources: { limits: { cpu: "2" } } } },
    { domainType: "qemu" },
  ),
  "memory-from-request": aConversion({ domain: { memory: {}, resources: { requests: { memory: "100M" } } } }),
  i440fx: aConversion({
    domain: {
      memory,
      machine: { type: "pc" },
      devices: { disks: [disk("a", { disk: { bus: "virtio" } }), disk("b", { disk: { bus: "sata" } })] },
    },
    volumes: volumes("a", "b"),
  }),
  "interface-models": aConversion({
    domain: {
      memory,
      devices: {
        interfaces: [
          masquerade("a", { bootOrder: 1 }),
          masquerade("b", { model: "e1000" }),
          masquerade("c", { model: "e1000e" }),
          masquerade("d", { model: "ne2k_pci" }),
          masquerade("e", { model: "pcnet" }),
          masquerade("f", { model: "rtl8139" }),
        ],
      },
    },
  }),
  "many-disks": aConversion({
    volumes: volumes(...Array.from({ length: 6 }, (_, index) => `disk-${index}`)),
    domain: {
      memory,
      devices: { disks: Array.from({ length: 30 }, (_, index) => disk(`v-${index}`, { disk: { bus: "scsi" } })) },
    },
  }),
};
