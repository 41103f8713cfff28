// The parts of a VMI's spec that say on which node its launcher pod may run. Meaning and names: Kubernetes' own.
import type { Affinity, Toleration, TopologySpreadConstraint } from "@knvirt/kubernetes";
import Type from "typebox";
import { choice, integer, list, object, optional, text, texts } from "./schema.ts";

const key = (of: string) => text(`Key of the ${of}.`, { minLength: 1 });
const values = optional(list(text("Value."), "Values that the operator compares with."));

const nodeRequirement = object("What a label or field of the node must be.", {
  key: key("label or field"),
  operator: choice(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"], "How it is compared."),
  values,
});

const nodeTerm = object("Requirements that must all be met.", {
  matchExpressions: optional(list(nodeRequirement, "Of the node's labels.")),
  matchFields: optional(list(nodeRequirement, "Of the node's fields: metadata.name.")),
});

const labelRequirement = object("What a label must be.", {
  key: key("label"),
  operator: choice(["In", "NotIn", "Exists", "DoesNotExist"], "How it is compared."),
  values,
});

const labelSelector = (description: string) =>
  object(description, {
    matchLabels: optional(texts("Labels and their values.")),
    matchExpressions: optional(list(labelRequirement, "Further requirements.")),
  });

const topologyKey = text("Label of nodes: those with the same value are one place.", { minLength: 1 });

const podTerm = object("Pods that the launcher pod is to be near to, or far from.", {
  topologyKey,
  labelSelector: optional(labelSelector("Which pods.")),
  matchLabelKeys: optional(list(text("Key."), "Labels whose value must be that of the launcher pod.")),
  mismatchLabelKeys: optional(list(text("Key."), "Labels whose value must not be that of the launcher pod.")),
  namespaces: optional(list(text("Name."), "Namespaces of the pods; the instance's own when left out.")),
  namespaceSelector: optional(labelSelector("Further namespaces of the pods; all when empty.")),
});

const weight = integer("How much it counts, 1 to 100.", { minimum: 1, maximum: 100 });

const podTerms = (description: string) =>
  object(description, {
    requiredDuringSchedulingIgnoredDuringExecution: optional(list(podTerm, "Without which the pod is not placed.")),
    preferredDuringSchedulingIgnoredDuringExecution: optional(
      list(object("A wish.", { weight, podAffinityTerm: podTerm }), "By which nodes are ranked."),
    ),
  });

export const affinity = Type.Unsafe<Affinity>(
  object("Nodes and pods that the launcher pod is drawn to or keeps away from.", {
    nodeAffinity: optional(
      object("To nodes.", {
        requiredDuringSchedulingIgnoredDuringExecution: optional(
          object("Without which the pod is not placed.", {
            nodeSelectorTerms: list(nodeTerm, "Terms of which one must be met.", { minItems: 1 }),
          }),
        ),
        preferredDuringSchedulingIgnoredDuringExecution: optional(
          list(object("A wish.", { weight, preference: nodeTerm }), "By which nodes are ranked."),
        ),
      }),
    ),
    podAffinity: optional(podTerms("To pods.")),
    podAntiAffinity: optional(podTerms("Away from pods.")),
  }),
);

export const toleration = Type.Unsafe<Toleration>(
  object("A taint of nodes that does not keep the launcher pod away.", {
    key: optional(text("Key of the taint; all when left out.")),
    operator: optional(choice(["Exists", "Equal"], "How the value is compared; Equal when left out.")),
    value: optional(text("Value of the taint.")),
    effect: optional(
      choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], "Effect of the taint; all when left out."),
    ),
    tolerationSeconds: optional(integer("How long NoExecute is tolerated; for ever when left out.")),
  }),
);

const honourPolicy = (what: string) => optional(choice(["Honor", "Ignore"], `Whether ${what} counts.`));

export const topologySpreadConstraint = Type.Unsafe<TopologySpreadConstraint>(
  object("How evenly pods are spread over places.", {
    maxSkew: integer("By how many pods places may differ.", { minimum: 1 }),
    topologyKey,
    whenUnsatisfiable: choice(["DoNotSchedule", "ScheduleAnyway"], "What becomes of a pod that would break it."),
    labelSelector: optional(labelSelector("Pods that are counted.")),
    matchLabelKeys: optional(list(text("Key."), "Labels whose value must be that of the launcher pod.")),
    minDomains: optional(integer("Least number of places.", { minimum: 1 })),
    nodeAffinityPolicy: honourPolicy("the pod's node affinity"),
    nodeTaintsPolicy: honourPolicy("a taint"),
  }),
);

export const dnsPolicy = choice(
  ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
  "Where the guest's name servers come from; ClusterFirst when left out. None takes those of dnsConfig only.",
);

export const dnsConfig = object("Name servers and search domains, in addition to those of dnsPolicy.", {
  nameservers: optional(list(text("IP address.", { maxLength: 45 }), "Name servers.", { maxItems: 3 })),
  searches: optional(list(text("Domain.", { maxLength: 256 }), "Search domains.", { maxItems: 32 })),
  options: optional(
    list(
      object("An option of the resolver; of the pod, since DHCP does not carry it to the guest.", {
        name: text("Name."),
        value: optional(text("Value.")),
      }),
      "Options of the resolver.",
    ),
  ),
});
