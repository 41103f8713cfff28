// What runs before a VMI's own code: machine type, firmware, a kernel loaded directly, and what SMBIOS tells.
import { imagePullPolicy } from "./image-pull-policy.ts";
import { flag, found, object, optional, type Rule, text, unsupportedFlag, unsupportedText } from "./schema.ts";

export const machine = object("Machine type of the guest.", {
  type: optional(text("Type as QEMU names it; q35 when left out.", { pattern: "^(q35|pc|pc-q35-.*|pc-i440fx-.*)$" })),
});

const entry = (description: string) => optional(text(description, { maxLength: 256 }));

export const chassis = object("The case of the machine in its SMBIOS tables.", {
  asset: entry("Asset tag."),
  manufacturer: entry("Manufacturer."),
  serial: entry("Serial number."),
  sku: entry("SKU number."),
  version: entry("Version."),
});

const bootloader = object(
  "Firmware; BIOS when left out.",
  {
    bios: optional(
      object("SeaBIOS.", {
        useSerial: optional(flag("It also talks on the serial console; false when left out.")),
      }),
    ),
    efi: optional(
      object("OVMF. Its variables live as long as the instance.", {
        secureBoot: optional(flag("Start signed code only; true when left out, and needs features.smm.")),
        persistent: unsupportedFlag("EFI variables live as long as the instance: leave it out"),
      }),
    ),
  },
  {
    rules: [
      {
        rule: "!(has(self.bios) && has(self.efi))",
        message: "a machine has one firmware: bios and efi were given",
      },
    ],
  },
);

const absolutePath = (description: string) => optional(text(description, { pattern: "^/.+", maxLength: 4096 }));

const kernelContainer = object(
  "Image that holds the kernel and the initial RAM disk.",
  {
    image: text("Reference of the image.", { minLength: 1, maxLength: 1024 }),
    imagePullPolicy: optional(imagePullPolicy),
    imagePullSecret: optional(text("Secret in the same namespace for pulling the image.", { minLength: 1 })),
    kernelPath: absolutePath("Absolute path of the kernel in the image."),
    initrdPath: absolutePath("Absolute path of the initial RAM disk in the image."),
  },
  {
    rules: [
      {
        rule: "has(self.kernelPath) || has(self.initrdPath)",
        message: "kernelBoot.container has nothing to start: give kernelPath or initrdPath",
      },
    ],
  },
);

const kernelBoot = object(
  "Start a kernel directly, without a boot loader on a disk.",
  {
    kernelArgs: optional(text("Command line of the kernel.", { maxLength: 2048 })),
    container: optional(kernelContainer),
  },
  {
    rules: [
      {
        rule: "!has(self.kernelArgs) || (has(self.container) && has(self.container.kernelPath))",
        message: "kernelArgs without a kernel: set container.kernelPath too",
        fieldPath: ".kernelArgs",
      },
    ],
  },
);

const acpi = object("ACPI tables that a guest finds beside those of its machine.", {
  slicNameRef: optional(
    text("Volume with a secret whose slic.bin is a table of type SLIC, by which Windows knows its licence.", {
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
    }),
  ),
  msdmNameRef: unsupportedText("Debian 12's libvirt knows no table of type MSDM: leave it out"),
});

export const firmware = object("What runs before the guest's own code.", {
  uuid: optional(
    text("UUID of the machine in its SMBIOS tables.", {
      pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
    }),
  ),
  serial: entry("Serial number in the SMBIOS tables."),
  bootloader: optional(bootloader),
  kernelBoot: optional(kernelBoot),
  acpi: optional(acpi),
});

const slic = "self.domain.firmware.acpi.slicNameRef";
const hasSlic =
  "has(self.domain.firmware) && has(self.domain.firmware.acpi) && has(self.domain.firmware.acpi.slicNameRef)";

/** Of the spec that has the volumes. */
export const firmwareRules: Rule[] = [
  {
    rule: `!(${hasSlic}) || (has(self.volumes) && self.volumes.exists(v, v.name == ${slic} && has(v.secret)))`,
    ...found("volume of the ACPI table not found: found '%s', expected the name of a volume with a secret", slic),
    fieldPath: ".domain.firmware.acpi.slicNameRef",
  },
];
