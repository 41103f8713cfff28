// Objects that only hold values: Secrets, ConfigMaps, ServiceAccounts, Leases.
import type { StatusCause } from "../errors.ts";
import { asText, isRecord, type KubernetesObject } from "../object.ts";
import { ageText } from "../table/age.ts";
import type { TableColumns } from "../table/columns.ts";
import { builtIn } from "./built-in.ts";
import { fields, flag, integer, list, mapOf, objectReference, objectSchema, text, time } from "./fields.ts";

const entries = (value: unknown): [string, unknown][] => (isRecord(value) ? Object.entries(value) : []);

const keyPattern = /^[-._a-zA-Z0-9]{1,253}$/;

const keyCauses = (object: KubernetesObject, names: string[]): StatusCause[] =>
  names.flatMap((field) =>
    entries(object[field])
      .filter(([key]) => !keyPattern.test(key))
      .map(([key]) => ({
        reason: "FieldValueInvalid",
        message: `Invalid value: ${JSON.stringify(key)}: a valid key consists of alphanumeric characters, '-', '_' or '.'`,
        field: `${field}[${key}]`,
      })),
  );

/** A key is text or bytes, not both. */
const duplicateCauses = ({ data, binaryData }: KubernetesObject): StatusCause[] =>
  entries(data)
    .filter(([key]) => isRecord(binaryData) && Object.hasOwn(binaryData, key))
    .map(([key]) => ({
      reason: "FieldValueInvalid",
      message: `Invalid value: ${JSON.stringify(key)}: duplicate of key present in binaryData`,
      field: `data[${key}]`,
    }));

/** What was declared immutable stays as it is until the object is deleted. */
function immutableCauses(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  names: string[],
): StatusCause[] {
  if (!live?.immutable) return [];
  return ["immutable", ...names]
    .filter((field) => JSON.stringify(object[field]) !== JSON.stringify(live[field]))
    .map((field) => ({
      reason: "FieldValueForbidden",
      message: "Forbidden: field is immutable when `immutable` is set",
      field,
    }));
}

const age = { name: "Age", type: "string", description: "Time since it was created." };
const name = { name: "Name", type: "string", format: "name", description: "Name of the object." };

const withCount = (column: string, count: (object: KubernetesObject) => number): TableColumns => ({
  columns: [name, { name: column, type: "integer", description: "How many it holds." }, age],
  cells: (object, now) => [object.metadata.name, count(object), ageText(object.metadata.creationTimestamp, now)],
});

export const configMaps = builtIn(
  {
    ...{ kind: "ConfigMap", plural: "configmaps", namespaced: true, shortNames: ["cm"] },
    schema: objectSchema("ConfigMap holds values for others to read.", {
      data: mapOf("Values as text.", text("A value.")),
      binaryData: mapOf("Values as base64.", text("A value.", { format: "byte" })),
      immutable: flag("Whether the values are fixed."),
    }),
  },
  {
    strategy: {
      withoutGeneration: true,
      validate: (object, live) => [
        ...keyCauses(object, ["data", "binaryData"]),
        ...duplicateCauses(object),
        ...immutableCauses(object, live, ["data", "binaryData"]),
      ],
    },
    table: withCount("Data", ({ data, binaryData }) => entries(data).length + entries(binaryData).length),
  },
);

/** stringData is for writing only: what it says ends up in data. */
function encoded({ stringData, ...secret }: KubernetesObject): KubernetesObject {
  const added = entries(stringData).map(([key, value]) => [key, Buffer.from(asText(value)).toString("base64")]);
  const isText = entries(stringData).every(([, value]) => typeof value === "string");
  if (!isText) return { ...secret, stringData } as KubernetesObject; // validation tells what is wrong with it
  if (added.length === 0) return secret as KubernetesObject;
  const data = { ...(isRecord(secret.data) ? secret.data : {}), ...Object.fromEntries(added) };
  return { ...secret, data } as KubernetesObject;
}

export const secrets = builtIn(
  {
    ...{ kind: "Secret", plural: "secrets", namespaced: true, selectableFields: [".type"] },
    schema: objectSchema("Secret holds values that not everybody should read.", {
      data: mapOf("Values as base64.", text("A value.", { format: "byte" })),
      stringData: mapOf("Values as text; stored as base64 in data.", text("A value.")),
      type: text("What the values are for.", { default: "Opaque" }),
      immutable: flag("Whether the values are fixed."),
    }),
  },
  {
    strategy: {
      withoutGeneration: true,
      complete: encoded,
      prepareCreate: encoded,
      prepareUpdate: encoded,
      validate: (object, live) => [
        ...keyCauses(object, ["data"]),
        ...immutableCauses(object, live, ["data", "type"]),
        ...typeCauses(object, live),
        ...contentCauses(object),
      ],
    },
    table: {
      columns: [
        name,
        { name: "Type", type: "string", description: "What the values are for." },
        { name: "Data", type: "string", description: "How many values it holds." },
        age,
      ],
      cells: (object, now) => [
        ...[object.metadata.name, String(object.type), entries(object.data).length],
        ageText(object.metadata.creationTimestamp, now),
      ],
    },
  },
);

/** Keys that a type promises. */
const promisedKeys: Record<string, string[]> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

const contentCauses = ({ type, data }: KubernetesObject): StatusCause[] =>
  (promisedKeys[String(type)] ?? [])
    .filter((key) => !(isRecord(data) && Object.hasOwn(data, key)))
    .map((key) => ({ reason: "FieldValueRequired", message: "Required value", field: `data[${key}]` }));

function typeCauses(object: KubernetesObject, live: KubernetesObject | undefined): StatusCause[] {
  if (!live || object.type === live.type) return [];
  const message = `Invalid value: ${JSON.stringify(object.type)}: field is immutable`;
  return [{ reason: "FieldValueInvalid", message, field: "type" }];
}

export const serviceAccounts = builtIn(
  {
    ...{ kind: "ServiceAccount", plural: "serviceaccounts", namespaced: true, shortNames: ["sa"] },
    schema: objectSchema("ServiceAccount is a name under which pods run.", {
      automountServiceAccountToken: flag("Whether pods get a token. No token is mounted on this host."),
      secrets: list("Secrets that pods of this account may use.", objectReference("A Secret.")),
      imagePullSecrets: list("Secrets for pulling images.", fields("A Secret.", { name: text("Its name.") })),
    }),
  },
  {
    strategy: { withoutGeneration: true },
    table: withCount("Secrets", (object) => (Array.isArray(object.secrets) ? object.secrets.length : 0)),
  },
);

export const leases = builtIn(
  {
    ...{ group: "coordination.k8s.io", kind: "Lease", plural: "leases", namespaced: true },
    schema: objectSchema("Lease says who holds something, and until when.", {
      spec: fields("The holding.", {
        holderIdentity: text("Who holds it."),
        leaseDurationSeconds: integer("How long it is held after a renewal."),
        acquireTime: { ...time("When it was taken."), format: "date-time" },
        renewTime: time("When it was last renewed."),
        leaseTransitions: integer("How often the holder changed."),
        strategy: text("How a holder is elected."),
        preferredHolder: text("Who should hold it next."),
      }),
    }),
    columns: [
      { name: "Holder", type: "string", jsonPath: ".spec.holderIdentity", description: "Who holds it." },
      {
        name: "Age",
        type: "date",
        jsonPath: ".metadata.creationTimestamp",
        description: "Time since it was created.",
      },
    ],
  },
  { strategy: { withoutGeneration: true } },
);
