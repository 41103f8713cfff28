// Knative on the cluster: `buildKnative` needs no cluster, `installKnative` does; both do only what is left to do.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { KubernetesObject } from "@knvirt/kubernetes";
import type { ToolError } from "@knvirt/tools";
import { eventually } from "../../support/eventually.ts";
import type { ClusterContext } from "../context.ts";
import { builtKnative } from "./build.ts";
import { manifest } from "./manifest.ts";
import { knativeReady } from "./ready.ts";

export { buildKnative } from "./build.ts";

/** On an object of the installation, written last: the hash of all that was applied. */
const mark = { namespace: "knative-serving", annotation: "knvirt.dev/manifest" };

export async function installKnative(context: ClusterContext): Promise<void> {
  const { progress, nodes } = context;
  const { tag, files } = await builtKnative(context.cache);
  const [first] = nodes;
  if (!first) throw new Error("knative cannot be installed: the cluster has no node");
  await progress.step("import images of knative", async () => {
    await context.importImages(files.everywhere);
    await context.importImages(files.firstNode, [first]);
  });
  await progress.step("install knative", async (say) => {
    const upstream = JSON.parse(await readFile(files.objects, "utf8")) as KubernetesObject[];
    const nodeSelector = { "kubernetes.io/hostname": first.name };
    if (!(await apply(context, manifest(upstream, { tag, nodeSelector })))) say("unchanged");
    await knativeReady(context.kubeconfig);
  });
}

/** False while an object is refused only because of a webhook whose pod starts; what else there is, is applied then. */
const acceptedBy = (applying: Promise<unknown>): Promise<boolean> =>
  applying.then(
    () => true,
    (error: ToolError) => {
      if (/failed calling webhook/.test(error.stderr)) return false;
      throw error;
    },
  );

/** False when exactly this was applied before. An installation that was cut off is applied again. */
async function apply({ kubectl }: ClusterContext, objects: KubernetesObject[]): Promise<boolean> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const digest = createHash("sha256").update(list).digest("hex");
  const query = ["get", "namespace", mark.namespace, "--ignore-not-found", "-o", "json"];
  const found = await kubectl(query);
  const applied = found && (JSON.parse(found) as KubernetesObject).metadata.annotations?.[mark.annotation];
  if (applied === digest) return false;
  // Knative's own webhooks write into what is applied here: where both did, this is right.
  const options = ["--server-side", "--force-conflicts", "--field-manager=knvirt-cluster"];
  await eventually(() => acceptedBy(kubectl(["apply", ...options, "-f", "-"], { input: list })), {
    what: "knative's webhooks do not answer: an installation that was cut off left them without their pods",
    seconds: 120,
  });
  await kubectl(["annotate", "--overwrite", "namespace", mark.namespace, `${mark.annotation}=${digest}`]);
  return true;
}
