// Writes the files that the cluster's programs read: certificates, kubeconfigs and configuration.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  controlPlaneCertificates,
  nodeCertificates,
  writeCertificates,
  writeServiceAccountKey,
} from "./certificates.ts";
import { auditPolicy } from "./control-plane/api-server.ts";
import { corefile } from "./control-plane/dns.ts";
import { apiServerUrl, certificatesIn, configFile, configIn, kubeconfigOf } from "./control-plane/layout.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { clusterCidr, type NodePlan } from "./network.ts";
import type { Places } from "./places.ts";
import { cniConfig, containerdConfig } from "./worker/containerd.ts";
import { kubeletConfig, kubeProxyConfig } from "./worker/kubelet.ts";

const controlPlaneUsers = ["controller-manager", "scheduler", "dns"];

export async function writeControlPlane(places: Places, first: NodePlan): Promise<void> {
  const certificates = certificatesIn(places);
  await writeCertificates(certificates, controlPlaneCertificates(first));
  await writeServiceAccountKey(certificates);
  await mkdir(configIn(places), { recursive: true });
  const server = apiServerUrl(first);
  for (const user of controlPlaneUsers)
    await writeKubeconfig({ file: kubeconfigOf(places, user), user, server, certificates });
  await writeKubeconfig({ file: places.kubeconfig, user: "admin", server, certificates });
  await writeJson(configFile(places, "audit-policy.json"), auditPolicy);
  await writeChanged(configFile(places, "Corefile"), corefile(first, kubeconfigOf(places, "dns")));
}

export interface WorkerSetting {
  node: NodePlan;
  first: NodePlan;
  cgroupRoot: string;
}

export async function writeWorker(places: Places, { node, first, cgroupRoot }: WorkerSetting): Promise<void> {
  const certificates = certificatesIn(places);
  await writeCertificates(certificates, nodeCertificates(node));
  for (const user of [`kubelet-${node.name}`, `kube-proxy-${node.name}`])
    await writeKubeconfig({ file: kubeconfigOf(places, user), user, server: apiServerUrl(first), certificates });
  const file = (name: string) => configFile(places, name);
  await writeJson(file(`kubelet-${node.name}.json`), kubeletConfig({ places, node, first, cgroupRoot }));
  const proxyUser = kubeconfigOf(places, `kube-proxy-${node.name}`);
  await writeJson(file(`kube-proxy-${node.name}.json`), kubeProxyConfig(proxyUser, node, clusterCidr));
  const cni = file(`cni-${node.name}`);
  await mkdir(cni, { recursive: true });
  await writeJson(join(cni, "10-pods.conflist"), cniConfig(node));
  await writeChanged(file(`containerd-${node.name}.toml`), containerdConfig(cni));
}

const writeJson = (file: string, content: object): Promise<void> =>
  writeChanged(file, `${JSON.stringify(content, undefined, 2)}\n`);

/** kube-proxy ends when its file is written, whatever is in it. */
async function writeChanged(file: string, content: string): Promise<void> {
  if (existsSync(file) && (await readFile(file, "utf8")) === content) return;
  await writeFile(file, content);
}
