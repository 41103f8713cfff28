// The cluster's DNS: names of Services and pods, and nothing of the world outside, which no pod here reaches.
import { clusterDomain, type NodePlan } from "../network.ts";

/** Runs as a program of node 1, so that it is there before the first pod. */
export const corefile = (first: NodePlan, kubeconfig: string): string => `.:53 {
    bind ${first.address}
    errors
    ready ${first.address}:8181
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        kubeconfig ${kubeconfig}
        pods insecure
        ttl 5
    }
    cache 5
    loadbalance
}
`;

/** What CoreDNS lists and watches. */
export const dnsRights = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "system:coredns" },
    rules: [
      { apiGroups: [""], resources: ["services", "namespaces", "pods"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "system:coredns" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:coredns" }],
  },
];
