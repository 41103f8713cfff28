// A Kubernetes with knvirt installed, as specs speak to it: all by its API server, so that any cluster will do.
import { accessFromKubeconfig, connectClient, nodes, pods } from "@knvirt/kubernetes";
import { attachCluster } from "../cluster/index.ts";
import { clusterEvidence } from "./cluster-evidence.ts";
import { clusterImage, installNamespace, testNamespace } from "./cluster-names.ts";
import { clusterRelay } from "./cluster-relay.ts";
import type { Host } from "./host.ts";
import { packLayout } from "./oci-archive.ts";
import type { Reply } from "./relay.ts";
import { scraperToken } from "./scraper.ts";

const metricsPort = 8443;
const executorCertificate = "knvirt.dev/executor-certificate";

export function clusterHost(kubeconfig: string): Host {
  const access = accessFromKubeconfig(kubeconfig);
  const client = connectClient(access, "knvirt-test");
  const relay = clusterRelay(client);
  const scrapeOne = async (address: string, node: string, token: string): Promise<Reply> => {
    const certificate = (await client.find(nodes, { name: node }))?.metadata.annotations?.[executorCertificate] ?? "";
    return relay.get({ url: `https://${address}:${metricsPort}/metrics`, token, certificate });
  };
  return {
    kind: "cluster",
    kubeconfig,
    access,
    client,
    namespace: testNamespace,
    settings: { namespace: installNamespace, name: "kubevirt" },
    guestImage: clusterImage("guest"),
    kubectl: process.env.KNVIRT_TEST_KUBECTL ?? "kubectl",
    absentImage: (name) => clusterImage(`absent-${name}`),
    publish: async (layout) => {
      const cluster = attachCluster();
      if (cluster.foreign) throw new Error("an image made by a spec cannot be brought to a cluster of others");
      const reference = clusterImage("published");
      await cluster.importImages(await packLayout(layout, reference));
      return reference;
    },
    get: (url) => relay.get({ url }),
    outside: async () => ({ url: await relay.url(), close: () => undefined }),
    scrape: async (token) => {
      const labelSelector = "app.kubernetes.io/name=knvirt-executor";
      const { items } = await client.list(pods, { namespace: installNamespace, labelSelector });
      const shown = token ?? (await scraperToken(client));
      const replies = await Promise.all(
        items.map(({ spec, status }) => scrapeOne(status?.podIP ?? "", spec.nodeName ?? "", shown)),
      );
      return { code: Math.max(...replies.map(({ code }) => code)), text: replies.map(({ text }) => text).join("\n") };
    },
    evidence: () => clusterEvidence(client),
  };
}
