// The schemas of our kinds, walked: which texts an object can have, and an object that has all of them.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";

export interface Schema {
  type?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

export type Kind = "VirtualMachine" | "VirtualMachineInstance" | "KubeVirt";

interface Definition {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}

export function schemaOf(kind: Kind): Schema {
  const definitions = customResourceDefinitionsOfKubevirt() as unknown as Definition[];
  const schema = definitions.find(({ spec }) => spec.names.kind === kind)?.spec.versions[0]?.schema.openAPIV3Schema;
  if (!schema) throw new Error(`there is no definition of ${kind}`);
  return schema;
}

export interface Place {
  /** Of the field, or of the map that has it under any key. */
  name: string;
  parent: string;
  path: string;
  schema: Schema;
}

/** Every place of a schema that is no object or list of known fields. */
export function placesOf(schema: Schema, { name, parent, path }: Omit<Place, "schema">): Place[] {
  if (schema.items) return placesOf(schema.items, { name, parent, path: `${path}[]` });
  const isUnknown = schema["x-kubernetes-preserve-unknown-fields"] || schema.additionalProperties;
  if (schema.type !== "object" || isUnknown) return [{ name, parent, path, schema }];
  return Object.entries(schema.properties ?? {}).flatMap(([field, member]) =>
    placesOf(member, { name: field, parent: name, path: `${path}.${field}` }),
  );
}

export const isText = ({ type, ...schema }: Schema): boolean =>
  type === "string" || schema["x-kubernetes-int-or-string"] === true;

/** Objects and lists of known fields. */
export function containersOf(schema: Schema, { name, parent, path }: Omit<Place, "schema">): Place[] {
  if (schema.items) return containersOf(schema.items, { name, parent, path: `${path}[]` });
  if (schema.type !== "object" || schema.additionalProperties || schema["x-kubernetes-preserve-unknown-fields"])
    return [];
  return [
    { name, parent, path, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([field, member]) =>
      containersOf(member, { name: field, parent: name, path: `${path}.${field}` }),
    ),
  ];
}

/** Answers with the value of each place: of a map, of its members. */
export type Fill = (place: Place) => unknown;

/** An object with every field of its schema, one item in each list. */
export function fullObject(schema: Schema, at: Omit<Place, "schema">, fill: Fill): unknown {
  const { name, parent, path } = at;
  if (schema.items) return [fullObject(schema.items, { name, parent, path: `${path}[]` }, fill)];
  if (schema["x-kubernetes-preserve-unknown-fields"]) return { name: fill({ ...at, schema }) };
  if (schema.additionalProperties) return { name: fill({ ...at, schema }), other: fill({ ...at, schema }) };
  if (schema.type !== "object") return fill({ ...at, schema });
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([field, member]) => [
      field,
      fullObject(member, { name: field, parent: name, path: `${path}.${field}` }, fill),
    ]),
  );
}
