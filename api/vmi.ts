// VirtualMachineInstance: one incarnation of a VM, from its launcher pod's start to its end.

import Type, { type Static } from "typebox";
import { devices } from "./devices.ts";
import { cpu, firmware, machine, memory, resources } from "./domain.ts";
import { conditions, nameFitsPod, objectMeta } from "./meta.ts";
import {
  choice,
  integer,
  list,
  listByKey,
  object,
  optional,
  quantity,
  type Rule,
  text,
  texts,
  timestamp,
} from "./schema.ts";
import { network, volume } from "./volumes.ts";

const specText = "What the instance is made of. It cannot be changed once the instance exists.";

const specProperties = {
  domain: object("The machine.", {
    cpu: optional(cpu),
    memory: optional(memory),
    resources: optional(resources),
    machine: optional(machine),
    firmware: optional(firmware),
    devices: optional(devices),
  }),
  volumes: optional(listByKey(["name"], volume, { description: "Content of the disks.", maxItems: 128 })),
  networks: optional(listByKey(["name"], network, { description: "Networks of the interfaces.", maxItems: 32 })),
  hostname: optional(
    text("Host name of the guest; the name of the instance up to the first dot when left out.", {
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
    }),
  ),
  nodeSelector: optional(texts("Labels that the node must have.")),
  terminationGracePeriodSeconds: optional(
    integer("Time that the guest has to shut down before it is switched off; 30 when left out.", { minimum: 0 }),
  ),
};

const specRules: Rule[] = [
  {
    rule: "!has(self.domain.devices) || !has(self.domain.devices.disks) || self.domain.devices.disks.all(d, has(self.volumes) && self.volumes.exists(v, v.name == d.name))",
    message: "a disk has no volume of its name: add the volume or remove the disk",
    fieldPath: ".domain.devices.disks",
  },
  {
    rule: `!has(self.domain.devices) || !has(self.domain.devices.interfaces) || self.domain.devices.interfaces.all(i, has(self.networks) && self.networks.exists(n, n.name == i.name))`,
    message: "an interface has no network of its name: add the network or remove the interface",
    fieldPath: ".domain.devices.interfaces",
  },
  {
    rule: "!has(self.networks) || self.networks.all(n, has(self.domain.devices) && has(self.domain.devices.interfaces) && self.domain.devices.interfaces.exists(i, i.name == n.name))",
    message: "a network has no interface of its name: add the interface or remove the network",
    fieldPath: ".networks",
  },
  {
    rule: "!has(self.networks) || self.networks.filter(n, has(n.pod)).size() <= 1",
    message: "more than one pod network: an instance has one at most",
    fieldPath: ".networks",
  },
  {
    rule: "!has(self.volumes) || self.volumes.filter(v, has(v.cloudInitNoCloud)).size() <= 1",
    message: "more than one cloud-init volume: a guest reads one only",
    fieldPath: ".volumes",
  },
];

export const vmiSpec = object(specText, specProperties, { rules: specRules });

const unchangeable: Rule = {
  rule: "self == oldSelf",
  message: "update of VMI object is restricted: the spec of an instance cannot be changed",
};

/** Upstream's spelling and order of the phases of an instance. */
export const vmiPhases = ["Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed", "Unknown"] as const;
export type VmiPhase = (typeof vmiPhases)[number];

const interfaceStatus = object("A network interface as it runs.", {
  name: text("Name of the interface in the spec."),
  ipAddress: optional(text("First address at which it is reached from outside.")),
  ipAddresses: optional(list(text("Address."), "Addresses at which it is reached from outside.")),
  mac: optional(text("MAC address in the guest.")),
  podInterfaceName: optional(text("The pod's interface behind it.")),
  infoSource: optional(text("Who told: domain, guest-agent.")),
  linkState: optional(choice(["up", "down"], "State of the link.")),
  queueCount: optional(integer("Number of queues.")),
});

const volumeStatus = object("A volume as it runs.", {
  name: text("Name of the volume in the spec."),
  target: text("Name of its disk in the domain, such as vda."),
});

const vmiStatus = object("What was observed of the instance. Only the control plane writes it.", {
  phase: optional(choice([...vmiPhases], "Where the instance is in its life: Succeeded and Failed are final.")),
  phaseTransitionTimestamps: optional(
    listByKey(
      ["phase"],
      object("When a phase was reached for the first time.", {
        phase: text("The phase."),
        phaseTransitionTimestamp: timestamp("The time."),
      }),
      { description: "When each phase was reached." },
    ),
  ),
  reason: optional(text("One word for why the instance is in its phase.")),
  conditions: optional(conditions),
  nodeName: optional(text("Node that runs the instance.")),
  interfaces: optional(listByKey(["name"], interfaceStatus, { description: "Network interfaces." })),
  volumeStatus: optional(listByKey(["name"], volumeStatus, { description: "Volumes." })),
  activePods: optional(texts("Launcher pods by UID, and the node of each.")),
  machine: optional(object("The machine that runs.", { type: optional(text("Resolved machine type.")) })),
  memory: optional(
    object("Memory of the guest.", {
      guestAtBoot: optional(quantity("At its start.")),
      guestCurrent: optional(quantity("Now.")),
      guestRequested: optional(quantity("Asked for.")),
      memoryOverhead: optional(quantity("Added to the pod for all that is not the guest's own memory.")),
    }),
  ),
  currentCPUTopology: optional(
    object("CPU topology that runs.", {
      cores: optional(integer("Cores of each socket.")),
      sockets: optional(integer("Sockets.")),
      threads: optional(integer("Threads of each core.")),
    }),
  ),
  qosClass: optional(text("Quality of service class of the launcher pod.")),
  runtimeUser: optional(integer("User that the guest's processes run as.")),
  launcherContainerImageVersion: optional(text("Image of the launcher.")),
});

export const vmiSchema = object(
  "One run of a virtual machine.",
  {
    apiVersion: Type.Unsafe<"kubevirt.io/v1">({ type: "string" }),
    kind: Type.Unsafe<"VirtualMachineInstance">({ type: "string" }),
    metadata: objectMeta,
    spec: object(specText, specProperties, { rules: [...specRules, unchangeable] }),
    status: optional(vmiStatus),
  },
  { rules: [nameFitsPod] },
);

export type VirtualMachineInstance = Static<typeof vmiSchema>;
export type VmiSpec = Static<typeof vmiSpec>;
export type VmiStatus = Static<typeof vmiStatus>;
export type InterfaceStatus = Static<typeof interfaceStatus>;
export type Volume = Static<typeof volume>;
export type Network = Static<typeof network>;
