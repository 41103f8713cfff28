// The rules for names, labels, annotations, finalizers and owners that every resource shares.
import type { StatusCause } from "./errors.ts";
import type { ObjectMeta } from "./object.ts";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const annotationBytes = 256 * 1024;

export type NameRule = "subdomain" | "label";

const nameRules: Record<NameRule, { pattern: RegExp; length: number; expected: string }> = {
  subdomain: {
    pattern: subdomain,
    length: 253,
    expected:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
      "and must start and end with an alphanumeric character",
  },
  label: {
    pattern: label,
    length: 63,
    expected:
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
      "and must start and end with an alphanumeric character",
  },
};

const invalidValue = (field: string, found: unknown, why: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(found)}: ${why}`,
  field,
});

export function metadataCauses(metadata: ObjectMeta, nameRule: NameRule): StatusCause[] {
  return [
    ...nameCauses(metadata.name, nameRule),
    ...labelCauses(metadata.labels ?? {}),
    ...annotationCauses(metadata.annotations ?? {}),
    ...(metadata.finalizers ?? [])
      .filter((finalizer) => !isQualifiedName(finalizer))
      .map((finalizer) => invalidValue("metadata.finalizers", finalizer, "name must be a qualified name")),
    ...ownerCauses(metadata),
  ];
}

function nameCauses(name: string, rule: NameRule): StatusCause[] {
  const { pattern, length, expected } = nameRules[rule];
  if (name.length > length) return [invalidValue("metadata.name", name, `must be no more than ${length} characters`)];
  return pattern.test(name) ? [] : [invalidValue("metadata.name", name, expected)];
}

function labelCauses(labels: Record<string, string>): StatusCause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isQualifiedName(key) ? [] : [invalidValue("metadata.labels", key, "name part must be a qualified name")]),
    ...(value === "" || (value.length <= 63 && qualifiedPart.test(value))
      ? []
      : [
          invalidValue(
            "metadata.labels",
            value,
            "a valid label must be an empty string or consist of at most 63 " +
              "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
          ),
        ]),
  ]);
}

function annotationCauses(annotations: Record<string, string>): StatusCause[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const tooLong = { reason: "FieldValueTooLong", message: `Too long: may not be more than ${annotationBytes} bytes` };
  return [
    ...entries
      .filter(([key]) => !isQualifiedName(key.toLowerCase()))
      .map(([key]) => invalidValue("metadata.annotations", key, "name part must be a qualified name")),
    ...(size > annotationBytes ? [{ ...tooLong, field: "metadata.annotations" }] : []),
  ];
}

function ownerCauses({ ownerReferences = [] }: ObjectMeta): StatusCause[] {
  const path = "metadata.ownerReferences";
  const empty = ownerReferences.flatMap((reference) =>
    (["apiVersion", "kind", "name", "uid"] as const)
      .filter((field) => !reference[field])
      .map((field) => invalidValue(`${path}.${field}`, reference[field] ?? "", "must not be empty")),
  );
  const controllers = ownerReferences.filter(({ controller }) => controller);
  if (controllers.length <= 1) return empty;
  const names = controllers.map(({ kind, name }) => `${kind}/${name}`);
  return [...empty, invalidValue(path, names, "only one reference can have controller set to true")];
}

/** What an update may not change, where the server does not simply keep what it has. */
export function fixedCauses(wanted: ObjectMeta, live: ObjectMeta): StatusCause[] {
  const fixed = ["uid", "deletionTimestamp", "deletionGracePeriodSeconds"] as const;
  return fixed
    .filter((field) => wanted[field] !== undefined && wanted[field] !== live[field])
    .filter((field) => field !== "deletionTimestamp" || !live.deletionTimestamp)
    .map((field) => invalidValue(`metadata.${field}`, wanted[field], "field is immutable"));
}

function isQualifiedName(name: string): boolean {
  const parts = name.split("/");
  const last = parts.at(-1) ?? "";
  if (parts.length > 2 || last.length > 63 || !qualifiedPart.test(last)) return false;
  const prefix = parts.length === 2 ? (parts[0] ?? "") : undefined;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
}
