// Machines that differ in what they are: processors, memory, firmware, clock, features.
import type { VmiSpec } from "@knvirt/api";
import type { Conversion } from "../domain/conversion.ts";
import { aConversion } from "./vmi.ts";

const memory = { guest: "64Mi" };
const machine = (domain: VmiSpec["domain"]): Conversion => aConversion({ domain: { memory, ...domain } });
const off = { enabled: false };

export const machineCases: Record<string, Conversion> = {
  "cpu-features": machine({
    cpu: {
      model: "Skylake-Client",
      features: [
        { name: "vmx", policy: "require" },
        { name: "svm", policy: "disable" },
        { name: "apic", policy: "" },
        { name: "pcid", policy: "optional" },
        { name: "avx512f", policy: "forbid" },
        { name: "xsaves", policy: "force" },
      ],
    },
  }),
  "cpu-features-of-host": machine({ cpu: { features: [{ name: "invtsc" }] } }),
  "cpu-with-mpx": machine({ cpu: { model: "Skylake-Client", features: [{ name: "mpx", policy: "optional" }] } }),
  "max-sockets": machine({ cpu: { sockets: 1, maxSockets: 3, cores: 2 } }),
  "sockets-from-request": machine({ resources: { requests: { cpu: "3" } } }),
  hugepages: machine({ memory: { guest: "64Mi", hugepages: { pageSize: "2Mi" } }, cpu: { cores: 2 } }),
  "hugepages-alone": machine({ memory: { hugepages: { pageSize: "1Gi" } } }),
  "max-guest": machine({ memory: { guest: "1Gi", maxGuest: "4Gi" } }),
  bios: machine({ firmware: { bootloader: { bios: { useSerial: true } } } }),
  "bios-silent": machine({ firmware: { bootloader: { bios: {} } } }),
  "start-paused": aConversion({ startStrategy: "Paused" }),
  efi: machine({ firmware: { bootloader: { efi: { secureBoot: false, persistent: false } } } }),
  "secure-boot": machine({ firmware: { bootloader: { efi: {} } }, features: { smm: {} } }),
  "acpi-table": {
    ...aConversion({
      domain: { memory, firmware: { acpi: { slicNameRef: "licence" } } },
      volumes: [{ name: "licence", secret: { secretName: "licence" } }],
    }),
    acpiTables: { slic: "/configuration/licence/slic.bin" },
  },
  "machine-version": machine({ machine: { type: "pc-q35-6.2" } }),
  chassis: machine({
    chassis: { manufacturer: "Acme & Co", version: "2", serial: "s-1", asset: "a-1", sku: "k-1" },
    firmware: { serial: "m-1", uuid: "5d307ca9-b3ef-428c-8861-06e72d69f223" },
  }),
  "chassis-asset": machine({ chassis: { asset: "a-1" } }),
  "clock-utc": machine({ clock: { utc: { offsetSeconds: -3600 }, timer: { hpet: { present: false } } } }),
  "clock-timezone": machine({
    clock: {
      timezone: "Europe/Berlin",
      timer: {
        rtc: { tickPolicy: "catchup", track: "wall" },
        pit: { tickPolicy: "delay" },
        kvm: { present: false },
        hpet: { present: true, tickPolicy: "delay" },
        hyperv: {},
      },
    },
  }),
  "timers-of-guest": machine({
    clock: {
      utc: {},
      timer: { rtc: { tickPolicy: "delay", track: "guest" }, pit: { tickPolicy: "discard" }, kvm: {} },
    },
  }),
  "features-off": machine({
    features: { acpi: off, apic: off, smm: off, pvspinlock: off, kvm: { hidden: false }, hypervPassthrough: off },
  }),
  "features-on": machine({
    features: { acpi: {}, apic: { endOfInterrupt: true }, smm: {}, pvspinlock: {}, kvm: { hidden: true } },
  }),
  "apic-without-eoi": machine({ features: { apic: { endOfInterrupt: false } } }),
  "hyperv-all": machine({
    features: {
      hyperv: {
        evmcs: {},
        frequencies: {},
        ipi: {},
        reenlightenment: {},
        relaxed: {},
        reset: {},
        runtime: {},
        spinlocks: { spinlocks: 8191 },
        synic: {},
        synictimer: { direct: {} },
        tlbflush: {},
        vapic: {},
        vendorid: { vendorid: "KVM Hv <&>" },
        vpindex: {},
      },
    },
    clock: { timer: { hyperv: { present: true } } },
  }),
  "hyperv-needs": machine({ features: { hyperv: { synictimer: {}, evmcs: {}, spinlocks: {}, relaxed: off } } }),
  "hyperv-empty": machine({ features: { hyperv: {} } }),
  "hyperv-passthrough": machine({ features: { hypervPassthrough: { enabled: true } } }),
  "reboot-ends": machine({ rebootPolicy: "Terminate" }),
  "reboot-restarts": machine({ rebootPolicy: "Reboot" }),
};
