// What the API server is told: RBAC, node restriction, aggregation, tokens and an audit log; the rest is its default.
import { serviceCidr } from "../network.ts";
import { apiServerPort, type ControlPlane, certificate, configFile, etcdUrl } from "./layout.ts";

const issuer = "https://kubernetes.default.svc.cluster.local";

export const apiServerOptions = (plane: ControlPlane): Record<string, string | number | boolean> => ({
  "advertise-address": plane.node.address,
  "allow-privileged": true,
  "audit-log-path": plane.auditLog,
  "audit-policy-file": configFile(plane, "audit-policy.json"),
  // In MiB: one file for a whole run, which specs read, is never turned over.
  "audit-log-maxsize": 100_000,
  "authorization-mode": "Node,RBAC",
  "client-ca-file": certificate(plane, "ca.crt"),
  "enable-admission-plugins": "NodeRestriction",
  "etcd-servers": etcdUrl,
  "secure-port": apiServerPort,
  "service-cluster-ip-range": serviceCidr,
  "tls-cert-file": certificate(plane, "apiserver.crt"),
  "tls-private-key-file": certificate(plane, "apiserver.key"),
  ...towardsKubelets(plane),
  ...towardsAggregatedServers(plane),
  ...serviceAccounts(plane),
});

const towardsKubelets = (plane: ControlPlane) => ({
  "kubelet-certificate-authority": certificate(plane, "ca.crt"),
  "kubelet-client-certificate": certificate(plane, "apiserver-kubelet.crt"),
  "kubelet-client-key": certificate(plane, "apiserver-kubelet.key"),
  // By default node names, which no DNS here knows.
  "kubelet-preferred-address-types": "InternalIP",
});

const towardsAggregatedServers = (plane: ControlPlane) => ({
  "proxy-client-cert-file": certificate(plane, "front-proxy.crt"),
  "proxy-client-key-file": certificate(plane, "front-proxy.key"),
  "requestheader-allowed-names": "front-proxy-client",
  "requestheader-client-ca-file": certificate(plane, "front-proxy-ca.crt"),
  "requestheader-extra-headers-prefix": "X-Remote-Extra-",
  "requestheader-group-headers": "X-Remote-Group",
  "requestheader-username-headers": "X-Remote-User",
});

const serviceAccounts = (plane: ControlPlane) => ({
  "service-account-issuer": issuer,
  "service-account-key-file": certificate(plane, "service-accounts.key"),
  "service-account-signing-key-file": certificate(plane, "service-accounts.key"),
});

/**
 * Who asked what of which object and how it was answered; no bodies. Our own programs' requests are all there; of the
 * others' the leases are not, which are most of what an idle cluster writes.
 */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "Metadata", userGroups: ["system:serviceaccounts:kubevirt"] },
    { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"] },
    { level: "Metadata" },
  ],
};
