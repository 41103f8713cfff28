// Makes a pod's volumes ready on the machine, and says how each is mounted in its containers.
import { join } from "node:path";
import type { Container, Pod, PodVolume } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";
import { bind, type OciMount } from "../oci/mounts.ts";
import { allOrFirstError } from "../settled.ts";
import type { ClaimStorage } from "./claim.ts";
import { ensureEmptyDir } from "./empty-dir.ts";
import { ensureHostPath } from "./host-path.ts";
import { type ProjectionSources, projectedVolume } from "./projected.ts";

/** Where volumes' contents come from. */
export interface VolumeSources extends ProjectionSources {
  /** The storage of a claim. */
  claim(pod: Pod, name: string): Promise<ClaimStorage>;
  /** The unpacked files of an image. */
  imageRootfs(pod: Pod, image: NonNullable<PodVolume["image"]>): Promise<string>;
}

export interface ReadyVolume {
  source: string;
  options: string[];
  /** A block device: not mounted, but made in the container. */
  isDevice?: boolean;
}

const writable = ["rw"];
const readOnly = ["ro", "nosuid", "nodev"];

export async function prepareVolumes(
  pod: Pod,
  podDir: string,
  sources: VolumeSources,
): Promise<Map<string, ReadyVolume>> {
  const ready = await allOrFirstError(
    (pod.spec.volumes ?? []).map(
      async (volume): Promise<[string, ReadyVolume]> => [
        volume.name,
        await prepareVolume(pod, volume, { podDir, sources }),
      ],
    ),
  );
  return new Map(ready);
}

interface Place {
  podDir: string;
  sources: VolumeSources;
}

async function prepareVolume(pod: Pod, volume: PodVolume, place: Place): Promise<ReadyVolume> {
  const { name, emptyDir, image, persistentVolumeClaim, hostPath } = volume;
  if (emptyDir) return emptyVolume(pod, { name, ...emptyDir }, place);
  if (image) return { source: await place.sources.imageRootfs(pod, image), options: readOnly };
  if (persistentVolumeClaim) {
    const storage = await place.sources.claim(pod, persistentVolumeClaim.claimName);
    return { ...storage, options: persistentVolumeClaim.readOnly ? readOnly : writable };
  }
  if (hostPath) return { source: await ensureHostPath(name, hostPath), options: writable };
  const source = await projectedVolume(pod, volume, place);
  if (source !== undefined) return { source, options: readOnly };
  throw new PodError("FailedMount", `volume ${name} has no source that can be mounted here`);
}

type EmptyVolume = { name: string } & NonNullable<PodVolume["emptyDir"]>;

async function emptyVolume(
  { spec }: Pod,
  { name, medium = "", sizeLimit }: EmptyVolume,
  { podDir }: Place,
): Promise<ReadyVolume> {
  const directory = join(podDir, "volumes/kubernetes.io~empty-dir", name);
  await ensureEmptyDir({ directory, fsGroup: spec.securityContext?.fsGroup, medium, sizeLimit });
  return { source: directory, options: writable };
}

/** Parents before children, so that a mount inside another is not covered by it. */
export function volumeMounts(container: Container, volumes: Map<string, ReadyVolume>): OciMount[] {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly: onlyRead }) => {
    const volume = volumes.get(name);
    if (!volume)
      throw new PodError(
        "CreateContainerConfigError",
        `container ${container.name} mounts volume ${name}: the pod has no such volume`,
      );
    if (volume.isDevice)
      throw new PodError(
        "CreateContainerConfigError",
        `container ${container.name} mounts volume ${name}: it is a block device, expected it in volumeDevices`,
      );
    return bind(volume.source, mountPath, onlyRead ? ["ro"] : volume.options);
  });
  return mounts.sort((one, other) => one.destination.split("/").length - other.destination.split("/").length);
}

/** Block devices of the machine, by their path in the container. */
export function volumeDevices(container: Container, volumes: Map<string, ReadyVolume>): Record<string, string> {
  const devices = (container.volumeDevices ?? []).map(({ name, devicePath }): [string, string] => {
    const volume = volumes.get(name);
    if (volume?.isDevice) return [devicePath, volume.source];
    throw new PodError(
      "CreateContainerConfigError",
      `container ${container.name} has volume ${name} as a block device: it is none, expected it in volumeMounts`,
    );
  });
  return Object.fromEntries(devices);
}
