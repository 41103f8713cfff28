// The managed fields that an apply of a status leaves, for lists keyed as in our schemas.

const listKeys = new Map(
  Object.entries({
    conditions: "type",
    phaseTransitionTimestamps: "phase",
    interfaces: "name",
    volumeStatus: "name",
  }),
);

type Fields = { [member: string]: Fields };
export type Json = { [name: string]: unknown };

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The key field of a list that is merged by items; undefined for all other values. */
export const listKeyOf = (name: string, value: unknown): string | undefined =>
  Array.isArray(value) && value.length > 0 ? listKeys.get(name) : undefined;

export function fieldsOf(value: Json): Fields {
  const fields: Fields = {};
  for (const [name, member] of Object.entries(value)) {
    const key = listKeyOf(name, member);
    if (key) fields[`f:${name}`] = itemFields(member as Json[], key);
    else fields[`f:${name}`] = isJson(member) && Object.keys(member).length > 0 ? fieldsOf(member) : {};
  }
  return fields;
}

const itemFields = (items: Json[], key: string): Fields =>
  Object.fromEntries(
    items.map((item) => [`k:${JSON.stringify({ [key]: item[key] })}`, { ".": {}, ...fieldsOf(item) }]),
  );
