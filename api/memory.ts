// Memory of a VMI, and what its pod asks of the node.
import { choice, flag, object, optional, quantities, quantity, unsupportedObject } from "./schema.ts";

const hugepages = object("Memory out of the node's huge pages.", {
  pageSize: optional(choice(["2Mi", "1Gi"], "Size of a page; 2Mi when left out.")),
});

export const memory = object("Memory that the guest sees.", {
  guest: optional(quantity("Amount, for example 64Mi.")),
  maxGuest: optional(quantity("Amount that the machine has room for; what is above guest is empty.")),
  hugepages: optional(hugepages),
  reservedOverhead: optional(
    object("Memory for what users know of and we do not.", {
      addedOverhead: optional(quantity("Added to the memory that the launcher pod asks for.")),
      memLock: unsupportedObject("the launcher pod may not lock memory: leave it out"),
    }),
  ),
});

export const resources = object("What the launcher pod asks of its node for the guest. Overhead is added to it.", {
  requests: optional(quantities("Least amount: cpu, memory, ephemeral-storage, and what else nodes offer.")),
  limits: optional(quantities("Greatest amount: cpu, memory, ephemeral-storage, and what else nodes offer.")),
  overcommitGuestOverhead: optional(
    flag("Schedule by the guest's own memory alone: nothing is requested for the overhead. For many idle guests."),
  ),
});
