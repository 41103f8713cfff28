// Volumes and networks of a VMI: where the content of its disks and the far end of its interfaces come from.
import { cloudInitConfigDrive, cloudInitNoCloud } from "./cloud-init.ts";
import { configMap, downwardAPI, secret, serviceAccount, sysprep } from "./configuration-volumes.ts";
import { containerDisk, dataVolume, emptyDisk, ephemeral, hostDisk, persistentVolumeClaim } from "./disk-volumes.ts";
import { object, optional, type Rule, text } from "./schema.ts";

const sources = {
  containerDisk: optional(containerDisk),
  emptyDisk: optional(emptyDisk),
  ephemeral: optional(ephemeral),
  persistentVolumeClaim: optional(persistentVolumeClaim),
  dataVolume: optional(dataVolume),
  hostDisk: optional(hostDisk),
  cloudInitNoCloud: optional(cloudInitNoCloud),
  cloudInitConfigDrive: optional(cloudInitConfigDrive),
  configMap: optional(configMap),
  secret: optional(secret),
  serviceAccount: optional(serviceAccount),
  downwardAPI: optional(downwardAPI),
  sysprep: optional(sysprep),
};
const names = Object.keys(sources);

export const volume = object(
  "Content for a disk, from exactly one source.",
  {
    name: text("Name, and that of its disk.", { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 }),
    ...sources,
  },
  {
    rules: [
      {
        rule: `[${names.map((name) => `has(self.${name})`).join(", ")}].filter(given, given).size() == 1`,
        message: `a volume has exactly one source: give one of ${names.join(", ")}`,
      },
    ],
  },
);

/** Of the spec that has the volumes. */
export const volumeRules: Rule[] = [
  {
    rule: "!has(self.volumes) || self.volumes.filter(v, has(v.cloudInitNoCloud) || has(v.cloudInitConfigDrive)).size() <= 1",
    message: "more than one cloud-init volume: a guest reads one only",
    fieldPath: ".volumes",
  },
  {
    rule: "!has(self.volumes) || self.volumes.filter(v, has(v.serviceAccount)).size() <= 1",
    message: "more than one serviceAccount volume: a launcher pod has one service account",
    fieldPath: ".volumes",
  },
  {
    rule: "!has(self.volumes) || self.volumes.all(v, !has(v.persistentVolumeClaim) || !has(v.persistentVolumeClaim.readOnly) || !v.persistentVolumeClaim.readOnly || (has(self.domain.devices) && has(self.domain.devices.disks) && self.domain.devices.disks.exists(d, d.name == v.name && (has(d.cdrom) || (has(d.disk) && has(d.disk.readonly) && d.disk.readonly)))))",
    message: "a claim that is read-only has a disk that can be written to: make the disk a cdrom, or read-only",
    fieldPath: ".volumes",
  },
];

const byte = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
/** With room for a guest and its gateway. */
const ipv4Network = `^(${byte}[.]){3}${byte}/([89]|[12][0-9]|30)$`;

export const network = object(
  "A network that an interface of the same name is attached to.",
  {
    name: text("Name, and that of its interface.", { minLength: 1, maxLength: 63 }),
    pod: optional(
      object("The network of the launcher pod.", {
        vmNetworkCIDR: optional(
          text("IPv4 network of the guest behind its pod's address; 10.0.2.0/24 when left out.", {
            pattern: ipv4Network,
            maxLength: 18,
          }),
        ),
      }),
    ),
  },
  {
    rules: [
      {
        rule: "has(self.pod)",
        message: "a network has exactly one source: only pod is supported",
        fieldPath: ".pod",
        reason: "FieldValueRequired",
      },
    ],
  },
);
