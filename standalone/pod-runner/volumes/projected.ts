// Volumes of files that are written for the pod: values of Secrets and ConfigMaps, and what the pod says of itself.
import { chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ConfigMap, Pod, PodVolume, Secret } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";
import { downwardEntries } from "./downward-files.ts";
import { ensureMemory } from "./empty-dir.ts";
import { type ProjectedFile, type Projection, projectedFiles } from "./projection.ts";

/** Where contents come from. */
export interface ProjectionSources {
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
}

interface Projected {
  /** Part of the kubelet's path of the volume. */
  kind: string;
  entries: Map<string, Buffer> | undefined;
  projection: Omit<Projection, "volume">;
}

/** Undefined for a volume of another kind. Answers with its folder. */
export async function projectedVolume(
  pod: Pod,
  volume: PodVolume,
  { podDir, sources }: { podDir: string; sources: ProjectionSources },
): Promise<string | undefined> {
  const found = await projectedOf(pod, volume, sources);
  if (!found) return undefined;
  const fsGroup = pod.spec.securityContext?.fsGroup;
  const files = filesOf(found.entries, { ...found.projection, volume: volume.name, fsGroup });
  const folder = join(podDir, `volumes/kubernetes.io~${found.kind}`);
  if (found.kind === "secret") await ensureMemory(folder);
  return writeFiles(join(folder, volume.name), files, fsGroup);
}

async function projectedOf(
  pod: Pod,
  { name, secret, configMap, downwardAPI }: PodVolume,
  sources: ProjectionSources,
): Promise<Projected | undefined> {
  const namespace = pod.metadata.namespace ?? "default";
  if (secret) {
    const found = await sources.secret(namespace, secret.secretName);
    const projection = { ...secret, source: `secret ${namespace}/${secret.secretName}` };
    return { kind: "secret", entries: found && secretEntries(found), projection };
  }
  if (configMap) {
    const found = await sources.configMap(namespace, configMap.name);
    const projection = { ...configMap, source: `configmap ${namespace}/${configMap.name}` };
    return { kind: "configmap", entries: found && configMapEntries(found), projection };
  }
  if (!downwardAPI) return undefined;
  const wanted = downwardAPI.items ?? [];
  const items = wanted.map(({ fieldRef: { fieldPath }, ...item }) => ({ key: fieldPath, ...item }));
  const entries = downwardEntries(pod, name, wanted);
  return { kind: "downward-api", entries, projection: { ...downwardAPI, items, source: "the pod" } };
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
