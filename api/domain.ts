// The parts of a VMI's spec that describe the machine itself: CPU, memory, firmware.
import { choice, integer, object, optional, quantities, quantity, text } from "./schema.ts";

export const cpu = object("Virtual CPUs. Their number is sockets times cores times threads.", {
  cores: optional(integer("Cores of each socket; 1 when left out.", { minimum: 1, maximum: 512 })),
  sockets: optional(integer("Sockets; 1 when left out.", { minimum: 1, maximum: 512 })),
  threads: optional(integer("Threads of each core; 1 when left out.", { minimum: 1, maximum: 16 })),
  model: optional(
    text(
      "CPU model of the guest: host-model (the default), host-passthrough, or a name that libvirt knows. " +
        "Under emulation host-model and host-passthrough stand for everything the emulator offers.",
      { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", maxLength: 64 },
    ),
  ),
});

export const memory = object("Memory that the guest sees.", {
  guest: optional(quantity("Amount, for example 64Mi.")),
});

export const resources = object("What the launcher pod asks of its node for the guest. Overhead is added to it.", {
  requests: optional(quantities("Least amount: cpu, memory.")),
  limits: optional(quantities("Greatest amount: cpu, memory.")),
});

export const machine = object("Machine type of the guest.", {
  type: optional(text("Type as QEMU names it; q35 when left out.", { pattern: "^(q35|pc|pc-q35-.*|pc-i440fx-.*)$" })),
});

export const imagePullPolicy = choice(
  ["Always", "IfNotPresent", "Never"],
  "When the image is pulled: Always for the tag latest, otherwise IfNotPresent, unless set.",
);

export const firmware = object("What runs before the guest's own code.", {
  uuid: optional(
    text("UUID of the machine in its SMBIOS tables.", {
      pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
    }),
  ),
  serial: optional(text("Serial number in the SMBIOS tables.", { maxLength: 256 })),
  kernelBoot: optional(
    object(
      "Start a kernel directly, without a boot loader on a disk.",
      {
        kernelArgs: optional(text("Command line of the kernel.", { maxLength: 2048 })),
        container: optional(
          object(
            "Image that holds the kernel and the initial RAM disk.",
            {
              image: text("Reference of the image.", { minLength: 1, maxLength: 1024 }),
              imagePullPolicy: optional(imagePullPolicy),
              kernelPath: optional(
                text("Absolute path of the kernel in the image.", { pattern: "^/.+", maxLength: 4096 }),
              ),
              initrdPath: optional(
                text("Absolute path of the initial RAM disk in the image.", { pattern: "^/.+", maxLength: 4096 }),
              ),
            },
            {
              rules: [
                {
                  rule: "has(self.kernelPath) || has(self.initrdPath)",
                  message: "kernelBoot.container needs kernelPath or initrdPath",
                },
              ],
            },
          ),
        ),
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
    ),
  ),
});
