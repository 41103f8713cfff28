// A user's manifest files, applied the way `kubectl apply --server-side` does.
import { readFile } from "node:fs/promises";
import { type Client, isConflict, type KubernetesObject, keyOf, keyText, type Resource } from "@knvirt/kubernetes";
import { parseAllDocuments } from "yaml";

const manager = "knvirt-start";

export interface Manifest {
  file: string;
  object: KubernetesObject;
}

/** Throws with the file's name and the place in it when a file cannot be read or is no manifest. */
export async function readManifests(file: string): Promise<Manifest[]> {
  const text = await readFile(file, "utf8");
  return parseAllDocuments(text).flatMap((document, index) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`${file}: ${problem.message}`);
    const object = document.toJS() as KubernetesObject | null;
    if (object === null) return [];
    if (!object.apiVersion || !object.kind || !object.metadata?.name)
      throw new Error(`${file}: document ${index + 1} is no manifest: expected apiVersion, kind and metadata.name`);
    return [{ file, object }];
  });
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** Asks the API server which path serves the kind; a kind it does not know is refused with the file's name. */
async function resourceOf(client: Client, { file, object: { apiVersion, kind } }: Manifest): Promise<Resource> {
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await client.transport.call<ResourceList>({ method: "GET", path });
  const served = resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
  if (!served) throw new Error(`${file}: kind ${kind} of ${apiVersion} is not served here`);
  return { apiVersion, kind, plural: served.name, namespaced: served.namespaced };
}

/** Answers with what was applied, in words. */
export async function applyManifest(client: Client, manifest: Manifest): Promise<string> {
  const resource = await resourceOf(client, manifest);
  const { metadata } = manifest.object;
  const object = {
    ...manifest.object,
    metadata: resource.namespaced ? { ...metadata, namespace: metadata.namespace ?? "default" } : metadata,
  };
  const name = `${object.kind.toLowerCase()} ${keyText(keyOf(object))}`;
  try {
    await client.apply(resource, object, { manager });
  } catch (error) {
    const hint = isConflict(error) ? ": somebody else changed these fields; use kubectl apply" : "";
    throw new Error(`${manifest.file}: ${name} was refused: ${(error as Error).message}${hint}`, { cause: error });
  }
  return name;
}

/** Whether an object of this kind and name exists already. */
export async function isStored(client: Client, manifest: Manifest): Promise<boolean> {
  const resource = await resourceOf(client, manifest);
  const { name, namespace = "default" } = manifest.object.metadata;
  return (await client.find(resource, resource.namespaced ? { namespace, name } : { name })) !== undefined;
}
