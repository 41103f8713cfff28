// Namespaces: deleting one deletes what is in it, which its own finalizer waits for.
import type { StatusCause } from "../errors.ts";
import { isRecord, type KubernetesObject } from "../object.ts";
import { ageText } from "../table/age.ts";
import { builtIn } from "./built-in.ts";
import { conditions, fields, objectSchema, oneOf, set, text } from "./fields.ts";
import { finalizeEndpoint } from "./namespace-finalize.ts";

/** Made at the start, and never deleted. */
export const alwaysThere = ["default", "kube-system", "knvirt"];

const contentFinalizer = "kubernetes";

const specOf = ({ spec }: KubernetesObject): Record<string, unknown> => (isRecord(spec) ? spec : {});
const finalizersOf = (object: KubernetesObject): unknown[] => {
  const { finalizers } = specOf(object);
  return Array.isArray(finalizers) ? finalizers : [];
};
const phaseOf = ({ status }: KubernetesObject): string => (isRecord(status) ? String(status.phase) : "");

/** Every namespace carries its own name as a label, so that it can be selected by it. */
const withOwnName = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name },
  },
});

function phaseCauses(object: KubernetesObject): StatusCause[] {
  const isEnding = object.metadata.deletionTimestamp !== undefined;
  const [expected, state] = isEnding ? ["Terminating", "is not"] : ["Active", "is"];
  const phase = phaseOf(object);
  if (phase === "" || phase === expected) return [];
  const why = `may only be '${expected}' if \`deletionTimestamp\` ${state} empty`;
  const message = `Invalid value: ${JSON.stringify(phase)}: ${why}`;
  return [{ reason: "FieldValueInvalid", message, field: "status.Phase" }];
}

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
    verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    strategy: {
      nameRule: "label",
      withoutGeneration: true,
      withoutGrace: true,
      blank: { spec: {}, status: {} },
      // A name that is only generated yet is told nowhere.
      complete: (object) => (object.metadata.generateName ? object : withOwnName(object)),
      prepareCreate: (object) => ({
        ...withOwnName(object),
        spec: { finalizers: [...new Set([...finalizersOf(object), contentFinalizer])] },
        status: { phase: "Active" },
      }),
      prepareUpdate: (object, live) => ({ ...withOwnName(object), spec: specOf(live) }),
      refuseDelete: ({ metadata }) =>
        alwaysThere.includes(metadata.name) ? "this namespace may not be deleted" : undefined,
      validate: phaseCauses,
      prepareDelete: (live) => ({ ...live, status: { phase: "Terminating" } }),
      holdsDeletion: (object) => finalizersOf(object).length > 0,
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
