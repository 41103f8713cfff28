// Reads Knative's manifests out of the Go modules that its programs are built from, so that both are of one version.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject } from "@knvirt/kubernetes";
import { parseAllDocuments } from "yaml";

/** Module archives have no symbolic links: what serving links to is read from where it is. */
const folders: Record<string, string[]> = {
  "knative.dev/networking": ["config"],
  "knative.dev/caching": ["config"],
  "knative.dev/serving": ["config/core"],
  "knative.dev/net-kourier": ["config"],
  "knative.dev/eventing": ["config/core", "config/brokers/mt-channel-broker", "config/channels/in-memory-channel"],
};

/** Modules whose folders `readUpstream` wants to know. */
export const manifestModules = Object.keys(folders);

export async function readUpstream(moduleFolders: Record<string, string>): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  for (const [module, wanted] of Object.entries(folders)) {
    const root = moduleFolders[module];
    if (!root) throw new Error(`module ${module} is missing: found ${Object.keys(moduleFolders).join(", ")}`);
    for (const folder of wanted) objects.push(...(await readFolder(join(root, folder))));
  }
  return objects;
}

async function readFolder(folder: string): Promise<KubernetesObject[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".yaml")).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS())).filter(Boolean);
}
