// VirtualMachineInstance: one incarnation of a VM, from its launcher pod's start to its end.

import Type, { type Static } from "typebox";
import { accessCredentials } from "./access-credentials.ts";
import { domain } from "./domain.ts";
import { fsFreezeStatus, guestOsInfo, interfaceStatus } from "./guest-status.ts";
import { conditions, nameFitsPod, objectMeta } from "./meta.ts";
import { probe } from "./probes.ts";
import { affinity, dnsConfig, dnsPolicy, toleration, topologySpreadConstraint } from "./scheduling.ts";
import {
  choice,
  integer,
  list,
  listByKey,
  object,
  optional,
  quantities,
  quantity,
  text,
  texts,
  timestamp,
} from "./schema.ts";
import { unchangeable } from "./unchangeable.ts";
import { unsupportedOfVmi } from "./unsupported.ts";
import { instanceRules, specRules } from "./vmi-rules.ts";
import { network, volume } from "./volumes.ts";

const specText =
  "What the instance is made of. Once the instance exists, only its time to shut down can be made shorter.";

const specProperties = {
  domain,
  volumes: optional(listByKey(["name"], volume, { description: "Content of the disks.", maxItems: 128 })),
  networks: optional(listByKey(["name"], network, { description: "Networks of the interfaces.", maxItems: 32 })),
  hostname: optional(
    text("Host name of the guest; the name of the instance up to the first dot when left out.", {
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
    }),
  ),
  subdomain: optional(
    text("Domain of the guest's host name: that of a headless Service makes the name known to others.", {
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
      maxLength: 253,
    }),
  ),
  architecture: optional(choice(["amd64"], "Architecture of the guest.")),
  nodeSelector: optional(texts("Labels that the node must have.")),
  affinity: optional(affinity),
  tolerations: optional(list(toleration, "Taints of nodes that do not keep the launcher pod away.")),
  topologySpreadConstraints: optional(
    listByKey(["topologyKey", "whenUnsatisfiable"], topologySpreadConstraint, {
      description: "How evenly launcher pods are spread over places.",
    }),
  ),
  priorityClassName: optional(text("Priority class of the launcher pod.")),
  schedulerName: optional(text("Scheduler that chooses the node; the cluster's own when left out.")),
  evictionStrategy: optional(
    choice(
      ["None"],
      "What becomes of the guest when its node is drained. None: it is shut down, and starts elsewhere.",
    ),
  ),
  dnsPolicy: optional(dnsPolicy),
  dnsConfig: optional(dnsConfig),
  readinessProbe: optional(probe("How it is found out that the guest is ready to be reached through Services.")),
  livenessProbe: optional(probe("How it is found out that the guest still lives: one that does not is ended.")),
  accessCredentials: optional(accessCredentials),
  startStrategy: optional(choice(["Paused"], "Paused: the guest is made, and waits to be unpaused.")),
  terminationGracePeriodSeconds: optional(
    integer("Time that the guest has to shut down before it is switched off; 30 when left out.", { minimum: 0 }),
  ),
  ...unsupportedOfVmi,
};

export const vmiSpec = object(specText, specProperties, { rules: specRules });

/** Upstream's spelling and order of the phases of an instance. */
export const vmiPhases = ["Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed", "Unknown"] as const;
export type VmiPhase = (typeof vmiPhases)[number];

const volumeStatus = object("A volume as it runs.", {
  name: text("Name of the volume in the spec."),
  target: optional(text("Name of its disk in the domain, such as vda.")),
  persistentVolumeClaimInfo: optional(
    object("The claim behind it, as it was when the launcher pod was made.", {
      claimName: optional(text("Name of the claim.")),
      accessModes: optional(list(text("Access mode."), "Access modes of the claim.")),
      volumeMode: optional(text("Filesystem or Block.")),
      capacity: optional(quantities("Size of the claim.")),
      requests: optional(quantities("Size that was asked for.")),
    }),
  ),
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
  interfaces: optional(list(interfaceStatus, "Network interfaces: those of the spec first.")),
  guestOSInfo: optional(guestOsInfo),
  fsFreezeStatus: optional(fsFreezeStatus),
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
    spec: object(specText, specProperties, { rules: [...specRules, unchangeable(specProperties), ...instanceRules] }),
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
