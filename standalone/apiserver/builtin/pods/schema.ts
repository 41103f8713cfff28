// The fields of a pod: those that this host honours, and some that mean nothing on one machine and do no harm.
import { anything, fields, flag, integer, list, listBy, mapOf, objectSchema, oneOf, text, words } from "../fields.ts";
import { container, userFields } from "./container-schema.ts";
import { podStatus } from "./status-schema.ts";
import { volume } from "./volume-schema.ts";

const securityContext = fields("Rights of all containers.", {
  ...userFields,
  fsGroup: integer("Group that owns the pod's volumes.", { minimum: 0 }),
  fsGroupChangePolicy: oneOf("When ownership is changed.", ["Always", "OnRootMismatch"]),
  supplementalGroups: list("Further groups of the processes.", { type: "integer" }),
});

const toleration = fields("A taint that does not keep the pod away.", {
  key: text("Key of the taint."),
  operator: oneOf("How the value is compared.", ["Exists", "Equal"]),
  value: text("Value of the taint."),
  effect: oneOf("Effect of the taint.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  tolerationSeconds: integer("How long NoExecute is tolerated."),
});

const placement = {
  nodeName: text("Machine that runs the pod."),
  nodeSelector: mapOf("Labels that the machine must have.", text("Value of the label.")),
  schedulerName: text("Who chooses the machine.", { default: "default-scheduler" }),
  priority: integer("Not used."),
  priorityClassName: text("Not used."),
  preemptionPolicy: text("Not used."),
  tolerations: list("Taints that do not keep the pod away.", toleration),
  affinity: anything("Machine and pods that the pod is drawn to or keeps away from."),
  topologySpreadConstraints: list("How evenly pods are spread over machines.", anything("A constraint.")),
};

const withoutEffect = {
  serviceAccountName: text("Name that the pod runs under; no token is mounted on this host."),
  serviceAccount: text("Old name of serviceAccountName."),
  automountServiceAccountToken: flag("No token is mounted on this host."),
  enableServiceLinks: flag("There are no services on this host."),
  dnsPolicy: text("Pods use the machine's resolver, unless it is None.", { default: "ClusterFirst" }),
  dnsConfig: fields("Where names are looked up, beside the machine's resolver.", {
    nameservers: words("Addresses of name servers."),
    searches: words("Search domains."),
    options: list(
      "Options of the resolver.",
      fields("An option.", { name: text("Name of the option."), value: text("Its value.") }),
    ),
  }),
  hostNetwork: flag("Not supported but as false.", { enum: [false] }),
  hostPID: flag("Not supported but as false.", { enum: [false] }),
  hostIPC: flag("Not supported but as false.", { enum: [false] }),
};

const spec = fields(
  "What the pod should be.",
  {
    containers: { ...listBy(["name"], "Containers of the pod.", container), minItems: 1 },
    volumes: listBy(["name"], "Directories that containers share.", volume),
    restartPolicy: oneOf("When an ended container is started again.", ["Always", "OnFailure", "Never"], {
      default: "Always",
    }),
    terminationGracePeriodSeconds: integer("Time that the pod gets to end in order.", { default: 30, minimum: 0 }),
    hostname: text("Host name in the pod."),
    subdomain: text("Domain of the host name."),
    imagePullSecrets: listBy(
      ["name"],
      "Secrets for fetching images.",
      fields("A Secret.", { name: text("Its name.") }, { required: ["name"] }),
    ),
    securityContext: { ...securityContext, default: {} },
    ...placement,
    ...withoutEffect,
  },
  { required: ["containers"] },
);

export const podSchema = objectSchema(
  "Pod is a group of containers on one machine.",
  { spec, status: podStatus },
  { required: ["spec"] },
);
