// Refusals of what holds for a VirtualMachineInstance alone: when it is made, and when it is changed.
import { aManifest } from "../manifests.ts";
import type { ChangeRefusal, ManifestRefusal } from "./row.ts";

const vmi = aManifest("VirtualMachineInstance");

/** No node has it, so that the instance waits and does nothing. */
const nowhere = { "test.knvirt.dev/nowhere": "" };

const whenMade: ManifestRefusal[] = [
  {
    id: "VI-03",
    when: "an instance without memory",
    manifest: { ...vmi, spec: { domain: {} } },
    field: "spec.domain.memory.guest",
    message:
      "no memory requested: found none, expected domain.memory.guest, domain.memory.hugepages, resources.requests.memory or resources.limits.memory",
  },
];

const whenChanged: ChangeRefusal[] = [
  {
    id: "VU-01",
    when: "the spec of an instance",
    before: { ...vmi, spec: { ...vmi.spec, nodeSelector: nowhere } },
    change: { spec: { hostname: "other" } },
    field: "spec",
    message: "update of VMI object is restricted: the spec of an instance cannot be changed",
  },
  {
    id: "VU-01",
    when: "the time that an instance has to shut down, to a longer one",
    before: { ...vmi, spec: { ...vmi.spec, terminationGracePeriodSeconds: 5, nodeSelector: nowhere } },
    change: { spec: { terminationGracePeriodSeconds: 6 } },
    field: "spec",
    message: "update of VMI object is restricted: the spec of an instance cannot be changed",
  },
];

export const instanceRefusals = { whenMade, whenChanged };
