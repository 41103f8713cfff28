// Hyper-V's enlightenments, which make Windows run well, and which of them need which.
import { hypervNeeds } from "./hyperv-needs.ts";
import { flag, integer, object, optional, type Rule, text, unsupportedObject } from "./schema.ts";

const enabled = optional(flag("It is on; true when left out."));
const enlightenment = (description: string) => optional(object(description, { enabled }));

const isOn = (name: string): string => `has(self.${name}) && (!has(self.${name}.enabled) || self.${name}.enabled)`;
const isOff = (name: string): string => `has(self.${name}) && has(self.${name}.enabled) && !self.${name}.enabled`;

const needs: Rule[] = Object.entries(hypervNeeds).flatMap(([name, needed]) =>
  needed.map((other) => ({
    rule: `!(${isOn(name)}) || !(${isOff(other)})`,
    message: `${name} needs ${other}, which is disabled: enable it or leave ${name} out`,
    fieldPath: `.${other}`,
  })),
);

export const hyperv = object(
  "Enlightenments of Hyper-V.",
  {
    evmcs: enlightenment("Enlightened VMCS, for Hyper-V within the guest."),
    frequencies: enlightenment("Frequencies of the timers."),
    ipi: enlightenment("Interrupts between processors."),
    reenlightenment: enlightenment("Notice of a changed TSC frequency."),
    relaxed: enlightenment("No watchdog for timers."),
    reset: enlightenment("Reset register."),
    runtime: enlightenment("Run time of the processors."),
    spinlocks: optional(
      object("Spinlocks that give up their turn.", {
        enabled,
        spinlocks: optional(
          integer("Tries before that; 4096 when left out.", { minimum: 4095, maximum: 4294967295 }),
        ),
      }),
    ),
    synic: enlightenment("Synthetic interrupt controller."),
    synictimer: optional(
      object("Synthetic timers.", { enabled, direct: enlightenment("Interrupts without a message.") }),
    ),
    tlbflush: optional(
      object("TLB flushes by the hypervisor.", {
        enabled,
        direct: unsupportedObject("direct TLB flushes are not supported: leave it out"),
        extended: unsupportedObject("extended TLB flushes are not supported: leave it out"),
      }),
    ),
    vapic: enlightenment("Virtual APIC."),
    vendorid: optional(
      object("Name of the hypervisor that the guest is told.", {
        enabled,
        vendorid: optional(text("The name.", { pattern: "^[^,]*$", maxLength: 12 })),
      }),
    ),
    vpindex: enlightenment("Index of the processors."),
  },
  { rules: needs },
);
