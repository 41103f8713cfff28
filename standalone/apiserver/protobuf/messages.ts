// The protobuf messages that kubectl sends whatever the server says it takes: those of its typed commands, such as
// `kubectl create configmap`. Field numbers as in the generated.proto files of k8s.io/api.

export type FieldType = "text" | "base64" | "flag" | "integer" | "texts" | "base64s" | Message;

interface Field {
  name: string;
  type: FieldType;
  isList?: boolean;
}

/** By field number. A function, because messages may contain each other. */
export type Message = () => Readonly<Record<number, Field>>;

const text = (name: string): Field => ({ name, type: "text" });
const list = ({ name, type }: Field): Field => ({ name, type, isList: true });

const ownerReference: Message = () => ({
  1: text("kind"),
  3: text("name"),
  4: text("uid"),
  5: text("apiVersion"),
  6: { name: "controller", type: "flag" },
  7: { name: "blockOwnerDeletion", type: "flag" },
});

const metadata: Message = () => ({
  1: text("name"),
  2: text("generateName"),
  3: text("namespace"),
  5: text("uid"),
  6: text("resourceVersion"),
  11: { name: "labels", type: "texts" },
  12: { name: "annotations", type: "texts" },
  13: list({ name: "ownerReferences", type: ownerReference }),
  14: list(text("finalizers")),
});

const objectMeta: Field = { name: "metadata", type: metadata };

const localReference: Message = () => ({ 1: text("name") });

const resourceAttributes: Message = () => ({
  1: text("namespace"),
  2: text("verb"),
  3: text("group"),
  4: text("version"),
  5: text("resource"),
  6: text("subresource"),
  7: text("name"),
});

const accessSpec: Message = () => ({
  1: { name: "resourceAttributes", type: resourceAttributes },
  2: { name: "nonResourceAttributes", type: () => ({ 1: text("path"), 2: text("verb") }) },
});

const preconditions: Message = () => ({ 1: text("uid"), 2: text("resourceVersion") });

/** By `apiVersion kind`. What is not here is asked for in JSON. */
export const messages: Readonly<Record<string, Message>> = {
  "v1 Namespace": () => ({ 1: objectMeta }),
  "v1 ConfigMap": () => ({
    1: objectMeta,
    2: { name: "data", type: "texts" },
    3: { name: "binaryData", type: "base64s" },
    4: { name: "immutable", type: "flag" },
  }),
  "v1 Secret": () => ({
    1: objectMeta,
    2: { name: "data", type: "base64s" },
    3: text("type"),
    4: { name: "stringData", type: "texts" },
    5: { name: "immutable", type: "flag" },
  }),
  "v1 ServiceAccount": () => ({
    1: objectMeta,
    3: list({ name: "imagePullSecrets", type: localReference }),
    4: { name: "automountServiceAccountToken", type: "flag" },
  }),
  "v1 DeleteOptions": () => ({
    1: { name: "gracePeriodSeconds", type: "integer" },
    2: { name: "preconditions", type: preconditions },
    3: { name: "orphanDependents", type: "flag" },
    4: text("propagationPolicy"),
    5: list(text("dryRun")),
  }),
  "authentication.k8s.io/v1 SelfSubjectReview": () => ({ 1: objectMeta }),
  "authorization.k8s.io/v1 SelfSubjectAccessReview": () => ({
    1: objectMeta,
    2: { name: "spec", type: accessSpec },
  }),
  "authorization.k8s.io/v1 SelfSubjectRulesReview": () => ({
    1: objectMeta,
    2: { name: "spec", type: () => ({ 1: text("namespace") }) },
  }),
};
