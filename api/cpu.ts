// Virtual CPUs of a VMI: how many, in which groups, and what they can do.
import { choice, integer, listByKey, object, optional, text, unsupportedFlag, unsupportedObject } from "./schema.ts";

const feature = object("A feature of the CPU model.", {
  name: text("Name as libvirt knows it, for example vmx.", {
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
    maxLength: 64,
  }),
  policy: optional(
    choice(
      ["force", "require", "optional", "disable", "forbid", ""],
      "What the guest gets; require when left out or empty.",
    ),
  ),
});

export const cpu = object(
  "Virtual CPUs. Their number is sockets times cores times threads.",
  {
    cores: optional(integer("Cores of each socket; 1 when left out.", { minimum: 1, maximum: 512 })),
    sockets: optional(integer("Sockets; 1 when left out.", { minimum: 1, maximum: 512 })),
    maxSockets: optional(
      integer("Sockets that the machine has room for; those above sockets are empty.", { minimum: 1, maximum: 512 }),
    ),
    threads: optional(integer("Threads of each core; 1 when left out.", { minimum: 1, maximum: 16 })),
    model: optional(
      text(
        "CPU model of the guest: host-model (the default), host-passthrough, or a name that libvirt knows. " +
          "Under emulation host-model and host-passthrough stand for everything the emulator offers.",
        { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", maxLength: 64 },
      ),
    ),
    features: optional(
      listByKey(["name"], feature, { description: "Features that differ from the model's.", maxItems: 128 }),
    ),
    dedicatedCpuPlacement: unsupportedFlag("dedicated CPUs are not supported, CPUs are shared: leave it out"),
    isolateEmulatorThread: unsupportedFlag("an isolated emulator thread needs dedicated CPUs: leave it out"),
    numa: unsupportedObject("NUMA passthrough needs dedicated CPUs: leave it out"),
    realtime: unsupportedObject("realtime needs dedicated CPUs: leave it out"),
  },
  {
    rules: [
      {
        rule: "!has(self.maxSockets) || !has(self.sockets) || self.sockets <= self.maxSockets",
        message: "sockets is greater than maxSockets: raise maxSockets or leave it out",
        fieldPath: ".sockets",
      },
    ],
  },
);
