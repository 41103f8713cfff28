// Namespaces: deleting one deletes what is in it, which its own finalizer waits for.
import { isRecord, type KubernetesObject } from "../object.ts";
import { ageText } from "../table/age.ts";
import { builtIn } from "./built-in.ts";
import { conditions, fields, objectSchema, oneOf, set, text } from "./fields.ts";
import { finalizeEndpoint } from "./namespace-finalize.ts";

/** Made at the start, and never deleted. */
export const alwaysThere = ["default", "kube-system", "knvirt"];

const contentFinalizer = "kubernetes";

const specOf = ({ spec }: KubernetesObject): Record<string, unknown> => (isRecord(spec) ? spec : {});
const phaseOf = ({ status }: KubernetesObject): string => (isRecord(status) ? String(status.phase) : "");

const schema = objectSchema("Namespace is a scope for names.", {
  spec: fields("What keeps the namespace.", {
    finalizers: set("Who has to let go before the namespace is removed.", text("Name of a finalizer.")),
  }),
  status: fields("How far the namespace has come.", {
    phase: oneOf("Active, or Terminating once it is being deleted.", ["Active", "Terminating"]),
    conditions: conditions("What the deletion is waiting for."),
  }),
});

export const namespaces = builtIn(
  {
    kind: "Namespace",
    plural: "namespaces",
    namespaced: false,
    shortNames: ["ns"],
    schema,
    subresources: { status: true },
    selectableFields: [".status.phase"],
  },
  {
    endpoints: { finalize: finalizeEndpoint },
    strategy: {
      nameRule: "label",
      withoutGeneration: true,
      prepareCreate: (object) => ({
        ...object,
        // Every namespace carries its own name as a label, so that it can be selected by it.
        metadata: {
          ...object.metadata,
          labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name },
        },
        spec: { finalizers: [contentFinalizer] },
        status: { phase: "Active" },
      }),
      prepareUpdate: (object, live) => ({ ...object, spec: specOf(live) }),
      refuseDelete: ({ metadata }) =>
        alwaysThere.includes(metadata.name) ? "this namespace may not be deleted" : undefined,
      prepareDelete: (live) => ({ ...live, status: { phase: "Terminating" } }),
      holdsDeletion: (object) => ((specOf(object).finalizers as unknown[] | undefined) ?? []).length > 0,
    },
    table: {
      columns: [
        { name: "Name", type: "string", format: "name", description: "Name of the namespace." },
        { name: "Status", type: "string", description: "Active or Terminating." },
        { name: "Age", type: "string", description: "Time since it was created." },
      ],
      cells: (object, now) => [
        object.metadata.name,
        phaseOf(object),
        ageText(object.metadata.creationTimestamp, now),
      ],
    },
  },
);
