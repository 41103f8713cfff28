// What the model and a server each chose for itself, told from one to the other by what both have answered so far: uids,
// versions, and the times at which something was written.
import type { Differing } from "../../compare/answer/differing.ts";
import type { Json } from "../../compare/server/server.ts";
import { type Pairs, pairs } from "./pairs.ts";

export interface Terms {
  /** Takes the pairs from two answers about the object at the path; answers which of them contradict earlier ones. */
  learn(path: string, model: Json, server: Json): Differing[];
  /** What is sent about the object at the path in the model's terms, in the server's. */
  sent<Value>(path: string, value: Value): Value;
  /** What was answered, but for times: which of them a server wrote only the comparison sees. */
  answered<Value>(value: Value): Value;
  /** Whether they are one moment: when the server wrote something for the model, or what a client says. */
  isSameTime(model: Json, server: Json): boolean;
}

const modelUid = /[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}/g;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

interface Known {
  uid: Pairs;
  resourceVersion: Pairs;
  /** By path and field: objects of one virtual second are not of one real second, and what clients say stays what it is. */
  times: Map<string, string>;
}

export function termsFrom(begun: Date): Terms {
  const known: Known = { uid: pairs(), resourceVersion: pairs(), times: new Map() };
  /** Of the server itself: what clients say is of the virtual past. */
  const isOwnTime = (text: string): boolean => time.test(text) && Date.parse(text) >= begun.getTime() - 2_000;
  const learn = (path: string, { field, model, server }: Leaf): Differing[] => {
    if (time.test(model) && isOwnTime(server)) known.times.set(timeKey(path, field, model), server);
    if (field !== "uid" && field !== "resourceVersion") return [];
    return known[field].add(model, server) ? [] : [{ path: field, embedded: model, real: server }];
  };
  return {
    learn: (path, model, server) => leavesOf(model, server).flatMap((leaf) => learn(path, leaf)),
    isSameTime: (model, server) => isTime(model) && isTime(server) && (model === server || isOwnTime(server)),
    sent: (path, value) =>
      translated(known, value, (field, text) => known.times.get(timeKey(path, field, text)) ?? text),
    answered: (value) => translated(known, value, (_, text) => text),
  };
}

interface Leaf {
  field: string;
  model: string;
  server: string;
}

/** The texts that both have in the same place. */
const leavesOf = (model: Json, server: Json): Leaf[] =>
  Object.entries<Json>(model).flatMap(([field, inner]) => {
    const other: Json = server[field];
    if (isObject(inner) && isObject(other)) return leavesOf(inner, other);
    return typeof inner === "string" && typeof other === "string" ? [{ field, model: inner, server: other }] : [];
  });

const isTime = (value: Json): boolean => typeof value === "string" && time.test(value);

const isObject = (value: Json): boolean => typeof value === "object" && value !== null;

const timeKey = (path: string, field: string, text: string): string => `${path} ${field} ${text}`;

/** Uids also in the midst of texts, and in the names of fields. */
function translated(
  { uid, resourceVersion }: Known,
  value: Json,
  timeOf: (field: string, text: string) => string,
): Json {
  const text = JSON.stringify(value ?? null).replace(modelUid, (found) => uid.serverOf(found));
  return JSON.parse(text, (field, inner: Json) => {
    if (typeof inner !== "string") return inner;
    return field === "resourceVersion" ? resourceVersion.serverOf(inner) : timeOf(field, inner);
  });
}
