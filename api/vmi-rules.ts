// What must hold between the fields of a VMI's spec: of a template and of an instance, and of an instance alone.
import { accessCredentialRules } from "./access-credentials.ts";
import { deviceRules } from "./device-rules.ts";
import { firmwareRules } from "./firmware.ts";
import { probeRules } from "./probes.ts";
import { resourceRules } from "./resource-rules.ts";
import { found, type Rule } from "./schema.ts";
import { volumeRules } from "./volumes.ts";

export const specRules: Rule[] = [
  ...resourceRules,
  ...deviceRules,
  ...firmwareRules,
  ...volumeRules,
  ...accessCredentialRules,
  ...probeRules,
  {
    rule: "!has(self.dnsPolicy) || self.dnsPolicy != 'None' || (has(self.dnsConfig) && has(self.dnsConfig.nameservers) && self.dnsConfig.nameservers.size() > 0)",
    message: "dnsPolicy None has no name server: give dnsConfig.nameservers",
    fieldPath: ".dnsConfig.nameservers",
    reason: "FieldValueRequired",
  },
  {
    rule: "!has(self.startStrategy) || self.startStrategy != 'Paused' || !has(self.livenessProbe)",
    message: "startStrategy Paused with a livenessProbe: a guest that waits cannot answer, leave one of them out",
    fieldPath: ".livenessProbe",
  },
];

/** Of an instance alone: a template may leave to be filled in what an instance must have. */
export const instanceRules: Rule[] = [
  {
    rule: "(has(self.domain.memory) && (has(self.domain.memory.guest) || has(self.domain.memory.hugepages))) || (has(self.domain.resources) && ((has(self.domain.resources.requests) && 'memory' in self.domain.resources.requests) || (has(self.domain.resources.limits) && 'memory' in self.domain.resources.limits)))",
    message:
      "no memory requested: found none, expected domain.memory.guest, domain.memory.hugepages, resources.requests.memory or resources.limits.memory",
    fieldPath: ".domain.memory.guest",
    reason: "FieldValueRequired",
  },
];

/** Labels by which functions and the node executor know whose an object is. */
const reservedLabels = [
  "kubevirt.io/created-by",
  "kubevirt.io/install-strategy",
  "kubevirt.io/migrationJobUID",
  "kubevirt.io/migrationTargetNodeName",
  "kubevirt.io/nodeName",
  "kubevirt.io/schedulable",
];

/** Of a template: its metadata becomes the instance's. */
export const templateRules: Rule[] = reservedLabels.map((name) => ({
  rule: `!has(self.metadata) || !has(self.metadata.labels) || !('${name}' in self.metadata.labels)`,
  ...found(`label ${name} is reserved: found %s, expected none`, `self.metadata.labels['${name}']`),
  fieldPath: ".metadata.labels",
  reason: "FieldValueForbidden",
}));
