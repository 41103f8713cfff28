// What a pod can say of itself as files. Pure. Source: Kubernetes' documentation of the downward API.
import type { DownwardFile, Pod } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";

/** By name of the field. */
export function downwardEntries(pod: Pod, volume: string, items: DownwardFile[]): Map<string, Buffer> {
  return new Map(
    items.map(({ fieldRef: { fieldPath } }) => [
      fieldPath,
      Buffer.from(fieldOf(pod, fieldPath) ?? refused(volume, fieldPath)),
    ]),
  );
}

function fieldOf({ metadata }: Pod, path: string): string | undefined {
  const simple = /^metadata\.(name|namespace|uid)$/.exec(path)?.[1] as "name" | "namespace" | "uid" | undefined;
  if (simple) return metadata[simple] ?? "";
  const [, list, key] = /^metadata\.(labels|annotations)(?:\['([^']+)'\])?$/.exec(path) ?? [];
  if (!list) return undefined;
  const values = metadata[list as "labels" | "annotations"] ?? {};
  return key === undefined ? lines(values) : (values[key] ?? "");
}

/** One line for each, sorted, its value quoted. */
const lines = (values: Record<string, string>): string =>
  Object.keys(values)
    .sort()
    .map((key) => `${key}=${JSON.stringify(values[key])}`)
    .join("\n");

function refused(volume: string, path: string): never {
  throw new PodError(
    "CreateContainerConfigError",
    `volume ${volume} asks for ${path}: expected name, namespace, uid, labels or annotations of metadata`,
  );
}
