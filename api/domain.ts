// The machine of a VMI as a whole, and what must hold between its parts.
import { clock } from "./clock.ts";
import { cpu } from "./cpu.ts";
import { devices } from "./devices.ts";
import { features } from "./features.ts";
import { chassis, firmware, machine } from "./firmware.ts";
import { memory, resources } from "./memory.ts";
import { choice, object, optional, type Rule, unsupportedObject } from "./schema.ts";

const isSecure =
  "has(self.firmware) && has(self.firmware.bootloader) && has(self.firmware.bootloader.efi) && " +
  "(!has(self.firmware.bootloader.efi.secureBoot) || self.firmware.bootloader.efi.secureBoot)";
const hasSmm =
  "has(self.features) && has(self.features.smm) && (!has(self.features.smm.enabled) || self.features.smm.enabled)";
const usesEvmcs =
  "has(self.features) && has(self.features.hyperv) && has(self.features.hyperv.evmcs) && " +
  "(!has(self.features.hyperv.evmcs.enabled) || self.features.hyperv.evmcs.enabled)";
const requiresVmx =
  "has(self.cpu) && has(self.cpu.features) && self.cpu.features.exists(f, f.name == 'vmx' && (!has(f.policy) || f.policy in ['', 'require']))";
const hasTable = "has(self.firmware) && has(self.firmware.acpi) && has(self.firmware.acpi.slicNameRef)";
const isWithoutAcpi =
  "has(self.features) && has(self.features.acpi) && has(self.features.acpi.enabled) && !self.features.acpi.enabled";

const rules: Rule[] = [
  {
    rule: `!(${isSecure}) || (${hasSmm})`,
    message: "secure boot, which efi has by default, needs SMM: enable features.smm or set efi.secureBoot to false",
    fieldPath: ".firmware.bootloader.efi",
  },
  {
    rule: `!(${usesEvmcs}) || (${requiresVmx})`,
    message: "evmcs needs the CPU feature vmx: add it to cpu.features with policy require",
    fieldPath: ".features.hyperv.evmcs",
  },
  {
    rule: `!(${hasTable}) || !(${isWithoutAcpi})`,
    message: "an ACPI table without ACPI: enable features.acpi or leave slicNameRef out",
    fieldPath: ".firmware.acpi.slicNameRef",
  },
];

export const domain = object(
  "The machine.",
  {
    cpu: optional(cpu),
    memory: optional(memory),
    resources: optional(resources),
    machine: optional(machine),
    firmware: optional(firmware),
    chassis: optional(chassis),
    clock: optional(clock),
    features: optional(features),
    ioThreadsPolicy: optional(
      choice(
        ["shared", "auto"],
        "Threads that serve virtio disks: one for all of them, or up to two for each virtual CPU. Without it QEMU's main thread serves them.",
      ),
    ),
    ioThreads: unsupportedObject("a supplemental pool of threads is not supported: use ioThreadsPolicy auto"),
    rebootPolicy: optional(
      choice(
        ["Reboot", "Terminate"],
        "What becomes of a guest that reboots; Reboot when left out. Terminate ends it.",
      ),
    ),
    launchSecurity: unsupportedObject("encrypted guests are not supported: leave it out"),
    devices: optional(devices),
  },
  { rules },
);
