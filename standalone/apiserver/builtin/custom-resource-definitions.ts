// CustomResourceDefinitions: what they may say, and when their resources are served.
import type { StatusCause } from "../errors.ts";
import { compileJsonPath } from "../json-path.ts";
import { type KubernetesObject, withMetadata } from "../object.ts";
import { type Schema, schemaProblems } from "../schema/index.ts";
import { timestamp } from "../timestamp.ts";
import { builtIn } from "./built-in.ts";
import { customResourceDefinitionSchema } from "./custom-resource-definition-schema.ts";
import { type CustomResourceVersion, specOf } from "./custom-resource-spec.ts";
import { shapeErrors } from "./json-schema-props.ts";

/** Held until all objects of the kind are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** Names that are left out follow from the kind. */
function completed(object: KubernetesObject): KubernetesObject {
  const spec = specOf(object);
  const given = spec?.names;
  if (typeof given?.kind !== "string") return object;
  const { kind } = given;
  const named = {
    ...given,
    singular: given.singular || kind.toLowerCase(),
    listKind: given.listKind || `${kind}List`,
  };
  return { ...object, spec: { conversion: { strategy: "None" }, ...spec, names: named } };
}

/** There is nobody else to ask: names are accepted and the kind is served with the write itself. */
function established(object: KubernetesObject, now: Date, storedBefore: string[] = []): KubernetesObject {
  const spec = specOf(object);
  const condition = (type: string, reason: string, message: string) => ({
    ...{ type, status: "True", reason, message, lastTransitionTime: timestamp(now) },
  });
  const storage = (Array.isArray(spec?.versions) ? spec.versions : [])
    .filter((one) => one?.storage)
    .map((one) => one.name);
  const status = {
    acceptedNames: spec?.names,
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    storedVersions: [...new Set([...storedBefore, ...storage])],
  };
  return { ...object, status };
}

function prepareUpdate(object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const status = live.status as { storedVersions?: string[]; conditions?: object[] };
  const next = completed(object);
  const { status: renewed } = established(next, new Date(0), status?.storedVersions) as { status?: object };
  const updated = { ...next, status: { ...renewed, conditions: status?.conditions ?? [] } };
  return live.metadata.deletionTimestamp ? updated : withCleanup(updated);
}

const cause = (field: string, message: string): StatusCause => ({ reason: "FieldValueInvalid", message, field });

/** What is built in cannot be replaced. */
const builtInGroups = [
  ...["apiextensions.k8s.io", "apiregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io"],
  ...["coordination.k8s.io", "events.k8s.io"],
];

const groupCause = (group: string): StatusCause =>
  cause("spec.group", `Invalid value: ${JSON.stringify(group)}: must be a domain name that is not a built-in group`);

function causesOf(object: KubernetesObject, live: KubernetesObject | undefined): StatusCause[] {
  const { group, names: given, versions, scope } = specOf(object);
  const wanted = `${given.plural}.${group}`;
  const { name } = object.metadata;
  const stored = versions.filter(({ storage }) => storage).length;
  return [
    ...(name === wanted
      ? []
      : [cause("metadata.name", `Invalid value: ${JSON.stringify(name)}: must be spec.names.plural+"."+spec.group`)]),
    ...(stored === 1
      ? []
      : [cause("spec.versions", "Invalid value: must have exactly one version marked as storage version")]),
    ...(builtInGroups.includes(group) || !group.includes(".") ? [groupCause(group)] : []),
    ...(live && specOf(live).scope !== scope ? [cause("spec.scope", "Invalid value: field is immutable")] : []),
    ...versions.flatMap((one, index) => versionCauses(one, `spec.versions[${index}]`)),
  ];
}

function versionCauses(one: CustomResourceVersion, path: string): StatusCause[] {
  const schemaOf = one.schema?.openAPIV3Schema;
  if (!schemaOf) {
    const field = `${path}.schema.openAPIV3Schema`;
    return [{ reason: "FieldValueRequired", message: "Required value: schemas are required", field }];
  }
  const problems = schemaCauses(schemaOf, `${path}.schema.openAPIV3Schema`);
  const paths = [
    ...(one.additionalPrinterColumns ?? []).map(({ jsonPath }, i) => [jsonPath, `additionalPrinterColumns[${i}]`]),
    ...(one.selectableFields ?? []).map(({ jsonPath }, i) => [jsonPath, `selectableFields[${i}]`]),
  ];
  return [
    ...problems,
    ...paths.flatMap(([jsonPath = "", field]) => pathCauses(jsonPath, `${path}.${field}.jsonPath`)),
  ];
}

/** Its shape first: what has none is not read as a schema. */
function schemaCauses(found: Schema, path: string): StatusCause[] {
  const shape = shapeErrors(found, path);
  const problems = shape.length > 0 ? shape : schemaProblems(found, path);
  return problems.map(({ type, field, message }) => ({ reason: type, message, field }));
}

function pathCauses(jsonPath: string, field: string): StatusCause[] {
  try {
    compileJsonPath(jsonPath);
    return [];
  } catch (error) {
    return [cause(field, `Invalid value: ${JSON.stringify(jsonPath)}: ${(error as Error).message}`)];
  }
}

const withCleanup = (object: KubernetesObject): KubernetesObject =>
  withMetadata(object, { finalizers: [...new Set([...(object.metadata.finalizers ?? []), cleanupFinalizer])] });

export const customResourceDefinitions = builtIn(
  {
    ...{ group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", plural: "customresourcedefinitions" },
    ...{ namespaced: false, shortNames: ["crd", "crds"], categories: ["api-extensions"] },
    ...{ schema: customResourceDefinitionSchema, subresources: { status: true } },
    columns: [
      {
        ...{ name: "Created At", type: "string", jsonPath: ".metadata.creationTimestamp" },
        description: "When the kind was brought.",
      },
    ],
  },
  {
    strategy: {
      prepareCreate: (object, now) => withCleanup(established(completed(object), now)),
      prepareUpdate,
      validate: causesOf,
    },
  },
);
