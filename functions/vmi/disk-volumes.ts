// Volumes of the launcher pod with disks of claims and of the node.
import {
  annotation,
  isEnabled,
  launcherPath,
  launcherVolume,
  type VmiSpec,
  type Volume,
  volumeClaims,
} from "@knvirt/api";
import type { PodVolume } from "@knvirt/kubernetes";
import { claimOf, diskBytes, isBlock, isWrittenTo } from "./claims.ts";
import type { MountedVolume } from "./mounted-volume.ts";
import type { Observed } from "./observed.ts";

type Given = Pick<Observed, "vmi" | "claims" | "kubevirt">;

export const diskVolumes = (given: Given): MountedVolume[] =>
  (given.vmi.spec.volumes ?? []).flatMap((volume, index) => [
    ...claims(given, volume),
    ...hostDisk(given, volume, `spec.volumes[${index}].hostDisk`),
  ]);

/** What is not written to cannot be written to: a bug of ours would end at the mount. */
function claims(given: Given, volume: Volume): MountedVolume[] {
  const claimName = volumeClaims(given.vmi.spec)[volume.name];
  const claim = claimName === undefined ? undefined : claimOf(given, claimName);
  if (!claim) return [];
  const readOnly = !isWrittenTo(volume);
  const source: PodVolume = {
    name: launcherVolume.claim(volume.name),
    persistentVolumeClaim: { claimName: claim.metadata.name, ...(readOnly && { readOnly }) },
  };
  return isBlock(claim)
    ? [{ volume: source, mountPath: launcherPath.claimDevice(volume.name), readOnly, isDevice: true }]
    : [{ volume: source, mountPath: launcherPath.claim(volume.name), readOnly }];
}

function hostDisk({ kubevirt }: Given, { name, hostDisk: disk }: Volume, field: string): MountedVolume[] {
  if (!disk) return [];
  if (!isEnabled("HostDisk", kubevirt))
    throw new Error(
      `${field} is not allowed: feature gate HostDisk is off, expected it in developerConfiguration.featureGates of the KubeVirt object`,
    );
  const path = disk.path.slice(0, disk.path.lastIndexOf("/")) || "/";
  const type = disk.type === "Disk" ? "Directory" : "DirectoryOrCreate";
  return [
    {
      volume: { name: launcherVolume.hostDisk(name), hostPath: { path, type } },
      mountPath: launcherPath.hostDisk(name),
      readOnly: false,
    },
  ];
}

/** How large the executor makes a disk that a claim does not have yet. */
export function diskAnnotation({ vmi, claims }: Pick<Observed, "vmi" | "claims">): Record<string, string> {
  const written = (vmi.spec.volumes ?? []).filter(isWrittenTo);
  const sizes = written.flatMap(({ name }) => {
    const claim = claimOf({ claims }, volumeClaims(vmi.spec)[name] ?? "");
    const bytes = claim && !isBlock(claim) ? diskBytes(claim) : undefined;
    return bytes === undefined ? [] : [[name, bytes]];
  });
  return sizes.length === 0 ? {} : { [annotation.diskBytes]: JSON.stringify(Object.fromEntries(sizes)) };
}

/** Of the container disks and the kernel's image, each once. */
export function pullSecretsOf({ volumes = [], domain }: VmiSpec): { imagePullSecrets?: { name: string }[] } {
  const images = [...volumes.map(({ containerDisk }) => containerDisk), domain.firmware?.kernelBoot?.container];
  const names = images.flatMap((image) => (image?.imagePullSecret === undefined ? [] : [image.imagePullSecret]));
  return names.length === 0 ? {} : { imagePullSecrets: [...new Set(names)].map((name) => ({ name })) };
}
