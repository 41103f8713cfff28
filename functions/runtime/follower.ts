// The workload of a process that follows the changes of a cluster: alone, unprivileged, and soon elsewhere when its node is lost.
import { functionsSecurity, installNamespace, labelsOf, type Manifest } from "./manifests.ts";

export interface Follower {
  /** Of the Deployment and of the account that it runs as. */
  name: string;
  container: string;
  /** In the image of the functions. */
  program: string;
  env: readonly { name: string; value: string }[];
  requests: { cpu: string; memory: string };
  /** Besides that of its health. */
  ports?: readonly object[];
  strategy: object;
}

export function followerDeployment(follower: Follower): Manifest {
  const { name, strategy } = follower;
  const labels = labelsOf(name);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: installNamespace, labels },
    spec: {
      replicas: 1,
      strategy,
      selector: { matchLabels: { "app.kubernetes.io/name": name } },
      template: { metadata: { labels }, spec: podOf(follower) },
    },
  };
}

/** Kubernetes would wait for five minutes. */
const lostNodeSeconds = 30;

const podOf = ({ name, container, program, env, requests, ports = [] }: Follower): object => ({
  serviceAccountName: name,
  enableServiceLinks: false,
  priorityClassName: "system-cluster-critical",
  tolerations: ["not-ready", "unreachable"].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: lostNodeSeconds,
  })),
  containers: [
    {
      name: container,
      image: "knvirt/functions",
      command: ["/opt/knvirt/node", "--max-semi-space-size=2", `/opt/knvirt/${program}`],
      env,
      ports: [{ name: "health", containerPort: 8080, protocol: "TCP" }, ...ports],
      // Ready once it follows all that it has to; while the API server is away it keeps trying.
      readinessProbe: { httpGet: { path: "/readyz", port: "health" }, periodSeconds: 5, timeoutSeconds: 5 },
      livenessProbe: {
        httpGet: { path: "/healthz", port: "health" },
        ...{ initialDelaySeconds: 15, periodSeconds: 20, timeoutSeconds: 10 },
      },
      resources: { requests },
      securityContext: functionsSecurity,
    },
  ],
});
