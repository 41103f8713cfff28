// An answer as it can be compared with another server's.
import type { Answer, Json, Watch } from "../server/server.ts";
import { type Symbols, timeSymbol } from "./symbols.ts";

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const ourUids = /^(?:00000000|11111111)-/;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
const versionInText = /([rR]esource ?[vV]ersion(?: in precondition| in object meta)?: )(\d+)(?: \((\d+)\))?/g;

export const normalAnswer = (answer: Answer, of: Symbols): Answer => ({
  code: answer.code,
  warnings: answer.warnings.map((warning) => of.name(warning)),
  body: normal(answer.body, of),
});

export const normalEvents = ({ lines }: Watch, of: Symbols): Json[] =>
  lines.map(({ type, object }) => {
    if (type !== "BOOKMARK") return { type, object: normal(object, of) };
    // How far other writers have come meanwhile is nothing that an answer has to agree on.
    return { type, object: { ...object, metadata: { ...object.metadata, resourceVersion: "<any>" } } };
  });

function normal(body: Json, of: Symbols): Json {
  if (typeof body !== "object" || body === null) return typeof body === "string" ? text(body, of) : body;
  if (!Array.isArray(body.items) || !body.metadata) return normalValue(body, of);
  // A list tells where the whole history stands, to which others have added.
  const { continue: token, ...metadata } = body.metadata;
  return {
    ...body,
    metadata: { ...metadata, resourceVersion: "<any>", ...(token && { continue: "<token>" }) },
    items: normalValue(body.items, of),
  };
}

function normalValue(value: Json, of: Symbols, field = ""): Json {
  if (typeof value === "string") return fieldText(value, of, field);
  if (Array.isArray(value)) return normalList(value, of, field);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normalValue(inner, of, name)]));
}

function normalList(list: Json[], of: Symbols, field: string): Json[] {
  if (field === "managedFields") return normalManagers(list, of);
  const items = list.map((item) => normalValue(item, of));
  // Conflicts with several managers come in any order.
  return field === "causes" ? items.sort((left, right) => (textKey(left) < textKey(right) ? -1 : 1)) : items;
}

const textKey = (value: Json): string => JSON.stringify(value, Object.keys(value).sort());

/** Entries of one second stand in an order of their own; a second later in another. */
function normalManagers(entries: Json[], of: Symbols): Json[] {
  const keyOf = ({ operation, manager, subresource, apiVersion }: Json) =>
    [operation, manager, subresource, apiVersion].join(" ");
  return entries.map((entry) => normalValue(entry, of)).sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function fieldText(value: string, of: Symbols, field: string): string {
  if (field === "resourceVersion") return of.version(value);
  if (time.test(value)) return timeSymbol(value, Date.now());
  return text(value, of);
}

const text = (value: string, of: Symbols): string =>
  of
    .name(value)
    .replace(uuid, (found) => (ourUids.test(found) ? found : of.uid(found)))
    .replace(versionInText, (_, before: string) => `${before}<rv>`);
