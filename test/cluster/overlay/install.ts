// `kubectl apply -k` of an overlay with the cluster's own images, until all of it is ready; then the specs' namespace.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type KubeVirt, kubeVirts } from "@knvirt/api";
import { type Client, namespaces } from "@knvirt/kubernetes";
import { parse, stringify } from "yaml";
import { probeKvm } from "../../../standalone/kvm.ts";
import { clusterImage, installNamespace, testLabel, testNamespace } from "../../support/cluster-names.ts";
import type { Cluster } from "../index.ts";

const config = join(import.meta.dirname, "..", "..", "..", "config");
export const overlaysFolder = join(config, "overlays");
const patience = "--timeout=150s";

export async function install(cluster: Cluster, client: Client, overlay: string): Promise<void> {
  const { step } = cluster.progress;
  await step(`kubectl apply -k config/overlays/${overlay}`, async (remark) => {
    await applyOverlay(cluster, overlay);
    remark(`with images ${clusterImage("*")}`);
  });
  if (!cluster.foreign) await step("guests", async (remark) => remark(await useWhatRuns(client)));
  await step("all of it is ready", () => untilReady(cluster));
  await client.apply(namespaces, testNamespaceObject, { manager: "knvirt-test" });
}

export const applyOverlay = async (cluster: Cluster, overlay: string): Promise<void> => {
  await cluster.kubectl(["apply", "-k", await renamed(cluster, overlay)]);
};

/** A copy of `config/` in which the overlay names the images that were made here, as `kustomize edit set image` would. */
export async function renamed({ state }: Cluster, overlay: string): Promise<string> {
  const copy = join(state, "config-of-tests");
  await cp(config, copy, { recursive: true });
  const folder = join(copy, "overlays", overlay);
  const file = join(folder, "kustomization.yaml");
  const kustomization = parse(await readFile(file, "utf8")) as { images: { name: string }[] };
  const images = kustomization.images.map(({ name }) => {
    const image = clusterImage(name.replace("knvirt/", ""));
    const colon = image.lastIndexOf(":");
    return { name, newName: image.slice(0, colon), newTag: image.slice(colon + 1) };
  });
  await writeFile(file, stringify({ ...kustomization, images }));
  return folder;
}

/** By emulation where KVM runs no guest. Answers with what was decided. */
async function useWhatRuns(client: Client): Promise<string> {
  const probe = await probeKvm();
  const settings: KubeVirt = {
    apiVersion: "kubevirt.io/v1",
    kind: "KubeVirt",
    metadata: { name: "kubevirt", namespace: installNamespace },
    spec: { configuration: { developerConfiguration: { useEmulation: !probe.usable } } },
  };
  await client.apply(kubeVirts, settings, { manager: "knvirt-test" });
  return probe.usable ? "run by KVM" : `emulated, useEmulation is true: ${probe.reason}`;
}

/** Kinds that say when they are ready; those that a cluster has not are passed over. */
const readyKinds = [
  "services.serving.knative.dev",
  "brokers.eventing.knative.dev",
  "triggers.eventing.knative.dev",
  "apiserversources.sources.knative.dev",
  "pingsources.sources.knative.dev",
];

export async function untilReady({ kubectl }: Cluster): Promise<void> {
  const here = ["-n", installNamespace];
  const known = (await kubectl(["api-resources", "--no-headers", "-o", "name"])).split("\n");
  for (const workload of (await kubectl([...here, "get", "daemonsets,deployments", "-o", "name"])).split("\n"))
    if (workload) await kubectl([...here, "rollout", "status", workload, patience]);
  for (const kind of readyKinds.filter((one) => known.includes(one)))
    if (await kubectl([...here, "get", kind, "-o", "name"]))
      await kubectl([...here, "wait", kind, "--all", "--for=condition=Ready", patience]);
  await kubectl(["wait", "apiservice", "v1.subresources.kubevirt.io", "--for=condition=Available", patience]);
  await kubectl(["wait", "nodes", "-l", "kubevirt.io/schedulable=true", "--for=condition=Ready", patience]);
}

const testNamespaceObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: testNamespace,
    labels: { ...testLabel, "pod-security.kubernetes.io/enforce": "restricted" },
  },
};
