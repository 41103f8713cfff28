// Makes a pod's volumes ready on the machine, and says how each is mounted in its containers.
import { chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ConfigMap, Container, Pod, PodVolume, Secret } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";
import { bind, type OciMount } from "../oci/mounts.ts";
import { allOrFirstError } from "../settled.ts";
import { ensureEmptyDir } from "./empty-dir.ts";
import { type ProjectedFile, type Projection, projectedFiles } from "./projection.ts";

/** Where volumes' contents come from. */
export interface VolumeSources {
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
  /** The unpacked files of an image. */
  imageRootfs(pod: Pod, image: NonNullable<PodVolume["image"]>): Promise<string>;
}

export interface ReadyVolume {
  source: string;
  options: string[];
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

async function prepareVolume(pod: Pod, volume: PodVolume, { podDir, sources }: Place): Promise<ReadyVolume> {
  const { emptyDir, image, secret, configMap } = volume;
  const fsGroup = pod.spec.securityContext?.fsGroup;
  const namespace = pod.metadata.namespace ?? "default";
  if (emptyDir) {
    const directory = join(podDir, "volumes/kubernetes.io~empty-dir", volume.name);
    await ensureEmptyDir({ directory, fsGroup, medium: emptyDir.medium ?? "", sizeLimit: emptyDir.sizeLimit });
    return { source: directory, options: writable };
  }
  if (image) return { source: await sources.imageRootfs(pod, image), options: readOnly };
  if (secret) {
    const found = await sources.secret(namespace, secret.secretName);
    const projection = {
      ...secret,
      fsGroup,
      volume: volume.name,
      source: `secret ${namespace}/${secret.secretName}`,
    };
    const files = filesOf(found && secretEntries(found), projection);
    return {
      source: await writeFiles(join(podDir, "volumes/kubernetes.io~secret", volume.name), files, fsGroup),
      options: readOnly,
    };
  }
  if (configMap) {
    const found = await sources.configMap(namespace, configMap.name);
    const projection = {
      ...configMap,
      fsGroup,
      volume: volume.name,
      source: `configmap ${namespace}/${configMap.name}`,
    };
    const files = filesOf(found && configMapEntries(found), projection);
    return {
      source: await writeFiles(join(podDir, "volumes/kubernetes.io~configmap", volume.name), files, fsGroup),
      options: readOnly,
    };
  }
  throw new PodError("FailedMount", `volume ${volume.name} has no source that can be mounted here`);
}

function filesOf(entries: Map<string, Buffer> | undefined, projection: Projection): ProjectedFile[] {
  if (entries) return projectedFiles(entries, projection);
  if (projection.optional) return [];
  throw new PodError(
    "CreateContainerConfigError",
    `volume ${projection.volume} needs ${projection.source}: it does not exist`,
  );
}

const secretEntries = ({ data = {} }: Secret): Map<string, Buffer> =>
  new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));

const configMapEntries = ({ data = {}, binaryData = {} }: ConfigMap): Map<string, Buffer> =>
  new Map([
    ...Object.entries(data).map(([key, value]): [string, Buffer] => [key, Buffer.from(value)]),
    ...Object.entries(binaryData).map(([key, value]): [string, Buffer] => [key, Buffer.from(value, "base64")]),
  ]);

/** Written beside and renamed: a container never sees half of a volume. */
async function writeFiles(directory: string, files: ProjectedFile[], fsGroup = 0): Promise<string> {
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await chown(draft, 0, fsGroup);
  for (const { path, mode, content } of files) {
    const file = join(draft, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, content, { mode });
    await chown(file, 0, fsGroup);
  }
  await rm(directory, { recursive: true, force: true });
  await rename(draft, directory);
  return directory;
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
    return bind(volume.source, mountPath, onlyRead ? ["ro"] : volume.options);
  });
  return mounts.sort((one, other) => one.destination.split("/").length - other.destination.split("/").length);
}
