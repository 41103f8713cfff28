// Kubelet of a node: what a node in namespaces on a shared machine needs otherwise than a machine of its own.
import { certificate } from "../control-plane/layout.ts";
import { clusterDomain, type NodePlan } from "../network.ts";
import type { Places } from "../places.ts";
import { containerdSocket } from "./layout.ts";

export interface KubeletSetting {
  places: Places;
  node: NodePlan;
  first: NodePlan;
  /** Groups of pods are below it. */
  cgroupRoot: string;
}

export const kubeletConfig = ({ places, node, first, cgroupRoot }: KubeletSetting) => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address: node.address,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: certificate(places, "ca.crt") },
  },
  authorization: { mode: "Webhook" },
  cgroupDriver: "cgroupfs",
  cgroupRoot,
  clusterDNS: [first.address],
  clusterDomain,
  containerRuntimeEndpoint: `unix://${containerdSocket}`,
  enforceNodeAllocatable: [],
  // The disk is the machine's: only when it is as good as full is it this node's affair.
  evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
  failCgroupV1: false,
  failSwapOn: false,
  // Images are imported, and could not be pulled again.
  imageGCHighThresholdPercent: 100,
  // Only a machine whose root user may everything lets a process lower its score.
  oomScoreAdj: 0,
  // Names outside of the cluster are not reached from here.
  resolvConf: "/dev/null",
  tlsCertFile: certificate(places, `kubelet-${node.name}.crt`),
  tlsPrivateKeyFile: certificate(places, `kubelet-${node.name}.key`),
});

export const kubeProxyConfig = (kubeconfig: string, node: NodePlan, clusterCIDR: string) => ({
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
  kind: "KubeProxyConfiguration",
  clientConnection: { kubeconfig },
  clusterCIDR,
  // Limits of the whole machine, which are not this node's to set.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  hostnameOverride: node.name,
  mode: "nftables",
  oomScoreAdj: 0,
});
