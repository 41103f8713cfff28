// A pod that no scheduler takes, and what may be changed in it.
import type { Kind } from "./kind.ts";

const container = { name: "main", image: "compare:1" };

const podManifest = {
  spec: { schedulerName: "nobody", automountServiceAccountToken: false, containers: [container] },
};

const withContainer = (change: object) => ({ spec: { containers: [{ ...container, ...change }] } });

const podChanges: object[] = [
  withContainer({ env: [{ name: "A", value: "1" }] }),
  withContainer({ image: "compare:2" }),
  withContainer({ image: "compare" }),
  withContainer({ resources: { requests: { cpu: "100m" }, limits: { cpu: "200m", memory: "1Gi" } } }),
  withContainer({ resources: { limits: { cpu: "1", memory: "1024Mi" } } }),
  withContainer({ resources: { requests: { cpu: "a few" } } }),
  withContainer({ ports: [{ containerPort: 80, name: "http" }] }),
  withContainer({ volumeMounts: [{ name: "none", mountPath: "/x" }] }),
  withContainer({ unheardOf: 1 }),
  withContainer({ name: null }),
  withContainer({ name: "Not A Name" }),
  withContainer({ imagePullPolicy: "Often" }),
  withContainer({ securityContext: { privileged: true, capabilities: { add: ["NET_ADMIN"] } } }),
  { spec: { containers: [container, container] } },
  { spec: { containers: [] } },
  { spec: { containers: null } },
  { spec: null },
  { spec: { restartPolicy: "Never" } },
  { spec: { restartPolicy: "Maybe" } },
  { spec: { terminationGracePeriodSeconds: 5 } },
  { spec: { terminationGracePeriodSeconds: -5 } },
  { spec: { nodeSelector: { zone: "a" } } },
  { spec: { volumes: [{ name: "v", emptyDir: {} }] } },
  { spec: { volumes: [{ name: "v" }] } },
  { spec: { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] } },
  { spec: { tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }] } },
  { spec: { nodeName: "nowhere" } },
  { spec: { activeDeadlineSeconds: 30 } },
  { spec: { hostname: "h", subdomain: "s" } },
  { spec: { dnsPolicy: "None" } },
  { spec: { unheardOf: 1 } },
];

export const pod: Kind = {
  ...{ kind: "Pod", apiVersion: "v1", plural: "pods", namespaced: true },
  content: podManifest,
  changes: podChanges,
  statuses: [
    { status: { phase: "Running", podIP: "10.0.0.1" } },
    { status: { phase: "Succeeded" } },
    { status: { phase: 5 } },
    { status: { conditions: [{ type: "Ready", status: "True" }] } },
    { status: { unheardOf: 1 } },
    { status: { phase: "Failed", reason: "Evicted", message: "no room" } },
  ],
  fields: ["spec.nodeName=", "status.phase=Pending", "spec.restartPolicy=Always", "status.phase!=Running"],
};
