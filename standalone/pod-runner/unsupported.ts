// What of a pod this runner cannot do. Everything it does not know is refused by its path, never silently ignored. Pure.
import type { Pod } from "@knvirt/kubernetes";

/** Field to what may be in it: anything, one of some values, or an object with known fields. */
type Known = "any" | unknown[] | { [field: string]: Known };

/** Values that say the same as leaving the field out. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === "" || isEmptyObject(value);

const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

const seccompProfile: Known = { type: ["RuntimeDefault", "Unconfined"] };

const probe: Known = {
  exec: "any",
  tcpSocket: "any",
  httpGet: "any",
  initialDelaySeconds: "any",
  timeoutSeconds: "any",
  periodSeconds: "any",
  successThreshold: "any",
  failureThreshold: "any",
};

const container: Known = {
  name: "any",
  image: "any",
  imagePullPolicy: "any",
  command: "any",
  args: "any",
  env: { "*": { name: "any", value: "any" } },
  workingDir: "any",
  ports: { "*": { name: "any", containerPort: "any", protocol: "any" } },
  resources: { requests: "any", limits: "any" },
  volumeMounts: { "*": { name: "any", mountPath: "any", readOnly: "any" } },
  volumeDevices: { "*": { name: "any", devicePath: "any" } },
  securityContext: {
    runAsUser: "any",
    runAsGroup: "any",
    runAsNonRoot: "any",
    allowPrivilegeEscalation: "any",
    readOnlyRootFilesystem: "any",
    capabilities: "any",
    seccompProfile,
  },
  readinessProbe: probe,
  livenessProbe: probe,
  terminationMessagePath: "any",
  terminationMessagePolicy: ["File"],
};

const volume: Known = {
  name: "any",
  // A limit on a directory of the disk would be enforced by eviction, which one machine does not have.
  emptyDir: { medium: ["Memory"], sizeLimit: "any" },
  image: "any",
  secret: "any",
  configMap: "any",
  downwardAPI: "any",
  persistentVolumeClaim: "any",
  hostPath: "any",
};

const podTerm: Known = {
  topologyKey: "any",
  labelSelector: "any",
  matchLabelKeys: "any",
  mismatchLabelKeys: "any",
  namespaces: "any",
  namespaceSelector: {}, // all of them: nobody looks at the labels of namespaces here
};

const podTerms: Known = {
  requiredDuringSchedulingIgnoredDuringExecution: { "*": podTerm },
  preferredDuringSchedulingIgnoredDuringExecution: "any", // ranks nodes, and there is one
};

const spec: Known = {
  // Decided before the pod came here, or without meaning on one machine.
  nodeName: "any",
  nodeSelector: "any",
  schedulerName: "any",
  affinity: { nodeAffinity: "any", podAffinity: podTerms, podAntiAffinity: podTerms },
  tolerations: "any",
  priority: "any",
  priorityClassName: "any",
  preemptionPolicy: "any",
  topologySpreadConstraints: "any",
  enableServiceLinks: "any",
  serviceAccountName: "any",
  serviceAccount: "any",
  automountServiceAccountToken: "any", // no token is ever mounted: pods here do not speak to the API server
  dnsPolicy: "any", // there is no cluster DNS: pods get the machine's resolver
  dnsConfig: "any",

  restartPolicy: "any",
  terminationGracePeriodSeconds: "any",
  hostname: "any",
  subdomain: "any",
  imagePullSecrets: "any",
  securityContext: {
    runAsUser: "any",
    runAsGroup: "any",
    runAsNonRoot: "any",
    fsGroup: "any",
    supplementalGroups: "any",
    seccompProfile,
    fsGroupChangePolicy: "any",
  },
  containers: { "*": container },
  volumes: { "*": volume },
};

/** Paths of the fields that stand in the way, such as `spec.hostNetwork`; empty when the pod can be run. */
export const unsupportedFields = (pod: Pod): string[] => [
  ...unknownPaths(pod.spec, spec, "spec"),
  ...(mayEndByProbe(pod)
    ? []
    : pod.spec.containers.flatMap(({ livenessProbe }, index) =>
        livenessProbe ? [`spec.containers[${index}].livenessProbe`] : [],
      )),
  ...(pod.spec.volumes ?? []).flatMap(({ emptyDir }, index) =>
    emptyDir?.sizeLimit !== undefined && emptyDir.medium !== "Memory"
      ? [`spec.volumes[${index}].emptyDir.sizeLimit`]
      : [],
  ),
];

/** A container that does not live any more takes its pod along here: right where it is the only one, and stays ended. */
const mayEndByProbe = ({ spec }: Pod): boolean => spec.containers.length === 1 && spec.restartPolicy === "Never";

function unknownPaths(value: unknown, known: Known | undefined, path: string): string[] {
  if (known === "any" || isNothing(value)) return [];
  if (known === undefined) return [path];
  if (Array.isArray(known)) return known.includes(value) ? [] : [path];
  return Object.entries(value as object).flatMap(([field, inner]) =>
    unknownPaths(inner, known["*"] ?? known[field], Array.isArray(value) ? `${path}[${field}]` : `${path}.${field}`),
  );
}
