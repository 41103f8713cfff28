// What the machine of a VMI can do beyond its devices.
import { hyperv } from "./hyperv.ts";
import { flag, object, optional } from "./schema.ts";

const enabled = optional(flag("It is on; true when left out."));
const feature = (description: string) => optional(object(description, { enabled }));

export const features = object(
  "Features of the machine.",
  {
    acpi: feature("ACPI; on when left out."),
    apic: optional(
      object("APIC; on when left out.", {
        enabled,
        endOfInterrupt: optional(flag("Ends of interrupts are told in the paravirtual way.")),
      }),
    ),
    hyperv: optional(hyperv),
    hypervPassthrough: optional(
      object("All enlightenments that the host's KVM has.", {
        enabled: optional(flag("It is on; false when left out.")),
      }),
    ),
    kvm: optional(
      object("How KVM shows itself.", {
        hidden: optional(flag("The guest is not told that KVM runs it; false when left out.")),
      }),
    ),
    pvspinlock: feature("Paravirtual spinlocks; as the hypervisor has them when left out."),
    smm: feature("System management mode, which secure boot needs; off when left out."),
  },
  {
    rules: [
      {
        rule: "!has(self.hyperv) || !has(self.hypervPassthrough) || !has(self.hypervPassthrough.enabled) || !self.hypervPassthrough.enabled",
        message: "hypervPassthrough takes all that the host has: hyperv was given too, leave one of them out",
        fieldPath: ".hypervPassthrough",
      },
    ],
  },
);
