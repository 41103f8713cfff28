// Every manifest that admission refuses, with the field and the message that it is refused with: the same on the API
// server of one machine and on Kubernetes' own.
import { accessRefusals } from "./refusals/access.ts";
import { deviceRefusals } from "./refusals/devices.ts";
import { diskRefusals } from "./refusals/disks.ts";
import { featureRefusals } from "./refusals/features.ts";
import { instanceRefusals } from "./refusals/instances.ts";
import { machineRefusals } from "./refusals/machine.ts";
import { podRefusals } from "./refusals/pod.ts";
import type { ChangeRefusal, ManifestRefusal, SpecRefusal } from "./refusals/row.ts";
import { unsupportedOfVmRefusals, unsupportedRefusals } from "./refusals/unsupported.ts";
import { vmRefusals } from "./refusals/vms.ts";
import { volumeRefusals } from "./refusals/volumes.ts";

export const specRefusals: readonly SpecRefusal[] = [
  ...machineRefusals,
  ...featureRefusals,
  ...deviceRefusals,
  ...diskRefusals,
  ...volumeRefusals,
  ...podRefusals,
  ...accessRefusals,
  ...unsupportedRefusals,
];
export const manifestRefusals: readonly ManifestRefusal[] = [
  ...vmRefusals,
  ...unsupportedOfVmRefusals,
  ...instanceRefusals.whenMade,
];
export const changeRefusals: readonly ChangeRefusal[] = instanceRefusals.whenChanged;
