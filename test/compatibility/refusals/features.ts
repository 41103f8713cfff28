// Refusals of features, clock and further devices of the machine.
import type { SpecRefusal } from "./row.ts";

const on = { enabled: true };
const off = { enabled: false };

/** An enlightenment without one that it is built on. */
const without = (name: string, other: string): SpecRefusal => ({
  id: "VI-33",
  when: `Hyper-V feature ${name} without ${other}`,
  spec: { domain: { features: { hyperv: { [name]: on, [other]: off } } } },
  field: `domain.features.hyperv.${other}`,
  message: `${name} needs ${other}, which is disabled: enable it or leave ${name} out`,
});

export const featureRefusals: SpecRefusal[] = [
  without("evmcs", "vapic"),
  without("ipi", "vpindex"),
  without("synic", "vpindex"),
  without("synictimer", "synic"),
  without("synictimer", "vpindex"),
  without("tlbflush", "vpindex"),
  {
    id: "VI-33",
    when: "Hyper-V feature evmcs without the CPU feature that it needs",
    spec: { domain: { features: { hyperv: { evmcs: on } } } },
    field: "domain.features.hyperv.evmcs",
    message: "evmcs needs the CPU feature vmx: add it to cpu.features with policy require",
  },
  {
    id: "VI-33",
    when: "all Hyper-V features of the host and single ones",
    spec: { domain: { features: { hyperv: { relaxed: on }, hypervPassthrough: on } } },
    field: "domain.features.hypervPassthrough",
    message: "hypervPassthrough takes all that the host has: hyperv was given too, leave one of them out",
  },
  {
    id: "VI-10",
    when: "EFI and BIOS together",
    spec: { domain: { firmware: { bootloader: { bios: {}, efi: { secureBoot: false } } } } },
    field: "domain.firmware.bootloader",
    message: "a machine has one firmware: bios and efi were given",
  },
  {
    id: "VI-10",
    when: "secure boot without system management mode",
    spec: { domain: { firmware: { bootloader: { efi: {} } } } },
    field: "domain.firmware.bootloader.efi",
    message: "secure boot, which efi has by default, needs SMM: enable features.smm or set efi.secureBoot to false",
  },
  {
    id: "VI-10",
    when: "a clock that shows UTC and a time zone",
    spec: { domain: { clock: { utc: {}, timezone: "Europe/Berlin" } } },
    field: "domain.clock",
    message: "a clock shows UTC or a time zone: both were given",
  },
  {
    id: "VI-22",
    when: "a model of a graphics adapter that is switched off",
    spec: { domain: { devices: { video: { type: "vga" }, autoattachGraphicsDevice: false } } },
    field: "domain.devices.video",
    message: "video without a graphics adapter: leave it out, or autoattachGraphicsDevice",
  },
  {
    id: "VI-22",
    when: "an input on a bus that there is not",
    spec: { domain: { devices: { inputs: [{ name: "tablet", bus: "ps2" }] } } },
    field: "domain.devices.inputs[0].bus",
    message: 'Unsupported value: "ps2"',
  },
  {
    id: "VI-22",
    when: "an input that is a mouse",
    spec: { domain: { devices: { inputs: [{ name: "tablet", type: "mouse" }] } } },
    field: "domain.devices.inputs[0].type",
    message: 'Unsupported value: "mouse"',
  },
  {
    id: "VI-22",
    when: "a sound card that there is not",
    spec: { domain: { devices: { sound: { name: "audio", model: "sb16" } } } },
    field: "domain.devices.sound.model",
    message: 'Unsupported value: "sb16"',
  },
  {
    id: "VI-22",
    when: "two panic devices of one model",
    spec: { domain: { devices: { panicDevices: [{}, { model: "isa" }] } } },
    field: "domain.devices.panicDevices",
    message: "two panic devices of model isa: expected one of each model at most",
  },
  {
    id: "VI-22",
    when: "a panic device that there is not",
    spec: { domain: { devices: { panicDevices: [{ model: "none" }] } } },
    field: "domain.devices.panicDevices[0].model",
    message: 'Unsupported value: "none"',
  },
  {
    id: "VI-34",
    when: "a graphics adapter that there is not",
    spec: { domain: { devices: { video: { type: "qxl" } } } },
    field: "domain.devices.video.type",
    message: 'Unsupported value: "qxl"',
  },
];
