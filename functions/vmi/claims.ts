// PersistentVolumeClaims of a VMI: which it names, whether they are there, and what is told of them.
import { type VirtualMachineInstance, type VmiStatus, type Volume, volumeClaims } from "@knvirt/api";
import type { PersistentVolumeClaim } from "@knvirt/kubernetes";
import { parseQuantity } from "@knvirt/kubernetes";
import { type Aspect, findCondition } from "../runtime/conditions.ts";
import { type Intent, requeue } from "../runtime/intents.ts";
import type { Observed } from "./observed.ts";

/** A claim is needed to make the pod, and not any more. */
export const claimNames = ({ spec, status }: VirtualMachineInstance): string[] =>
  (status?.phase ?? "Pending") === "Pending" ? [...new Set(Object.values(volumeClaims(spec)))] : [];

export const claimOf = ({ claims }: Pick<Observed, "claims">, name: string): PersistentVolumeClaim | undefined =>
  claims.find(({ metadata }) => metadata.name === name);

export const isBlock = ({ spec }: PersistentVolumeClaim): boolean => spec.volumeMode === "Block";

/** The reason is upstream's: a VM shows it as ErrorPvcNotFound. */
export function missingClaim({ vmi, claims }: Pick<Observed, "vmi" | "claims">): Aspect | undefined {
  const missing = Object.entries(volumeClaims(vmi.spec)).find(([, name]) => !claimOf({ claims }, name));
  if (!missing) return undefined;
  const [volume, name] = missing;
  const message = `volume ${volume} needs PersistentVolumeClaim ${vmi.metadata.namespace}/${name}: it does not exist, create it`;
  return { type: "Synchronized", status: "False", reason: "FailedPvcNotFound", message };
}

const longestWaitSeconds = 60;

/** Nobody tells that a claim came: looked for at once at first, and less often the longer it takes. */
export function lookForClaims({ vmi, pod, claims, now }: Observed): Intent[] {
  if (pod || !missingClaim({ vmi, claims })) return [];
  const told = findCondition(vmi.status?.conditions, "Synchronized");
  const since = told?.reason === "FailedPvcNotFound" ? Date.parse(told.lastTransitionTime ?? "") : now.getTime();
  const waited = (now.getTime() - (since || now.getTime())) / 1000;
  return [requeue(Math.min(longestWaitSeconds, Math.max(1, Math.round(waited))))];
}

const mebibyte = 2 ** 20;

/** Of the disk that is made in a claim of this kind: no more than was asked for, and than there is. */
export function diskBytes({ spec, status }: PersistentVolumeClaim): number | undefined {
  const asked = spec.resources?.requests?.storage;
  const given = status?.capacity?.storage;
  const sizes = [asked, given].filter((size) => size !== undefined).map(parseQuantity);
  return sizes.length === 0 ? undefined : Math.floor(Math.min(...sizes) / mebibyte) * mebibyte;
}

type VolumeStatus = NonNullable<VmiStatus["volumeStatus"]>;

/** What was told once stays: claims are not read again. */
export function volumeFacts({ vmi, claims }: Observed): VolumeStatus {
  const told = new Map(vmi.status?.volumeStatus?.map((volume) => [volume.name, volume.persistentVolumeClaimInfo]));
  return Object.entries(volumeClaims(vmi.spec)).flatMap(([volume, name]) => {
    const claim = claimOf({ claims }, name);
    const info = told.get(volume) ?? (claim && infoOf(claim));
    return info ? [{ name: volume, persistentVolumeClaimInfo: info }] : [];
  });
}

function infoOf({
  metadata,
  spec,
  status,
}: PersistentVolumeClaim): VolumeStatus[number]["persistentVolumeClaimInfo"] {
  return {
    claimName: metadata.name,
    accessModes: spec.accessModes ?? [],
    volumeMode: spec.volumeMode ?? "Filesystem",
    ...(status?.capacity && { capacity: status.capacity }),
    ...(spec.resources?.requests && { requests: spec.resources.requests }),
  };
}

export const isWrittenTo = ({ persistentVolumeClaim, dataVolume }: Volume): boolean =>
  dataVolume !== undefined || (persistentVolumeClaim !== undefined && !persistentVolumeClaim.readOnly);
