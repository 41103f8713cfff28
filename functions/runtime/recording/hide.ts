// An observation without the texts that may be secrets: each is replaced by a placeholder, equal texts by equal ones.
import { createHmac } from "node:crypto";
import { containers, guardedMaps, isIn, omitted, openMaps, openTexts, type Place, toldTexts } from "./fields.ts";
import { repeats, tracesOf } from "./traces.ts";

export interface Hidden {
  observed: Record<string, unknown>;
  /** What each placeholder stands for. */
  originals: ReadonlyMap<string, unknown>;
}

/** Begins every placeholder. */
export const mark = "hidden:";

const root = "";

/** `key` decides which placeholder a text gets. Who does not have it cannot try out whether a text is some secret. */
export function hide(observed: object, key: Buffer): Hidden {
  const originals = new Map<string, unknown>();
  const known = new Map<string, string>();
  const cover = (value: unknown): unknown => {
    if (value === "" || value === null || value === undefined) return value;
    const identity = JSON.stringify(value);
    const placeholder = known.get(identity) ?? placeholderOf(key, identity);
    known.set(identity, placeholder);
    originals.set(placeholder, value);
    return placeholder;
  };
  const sentences: string[] = [];
  const hear = (text: string): string => {
    sentences.push(text);
    return text;
  };
  const hidden = walked(observed, { cover, tell: hear });
  const traces = tracesOf(originals.values());
  const repeating = new Set(sentences.filter((text) => repeats(text, traces)));
  if (repeating.size === 0) return { observed: hidden, originals };
  const tell = (text: string): unknown => (repeating.has(text) ? cover(text) : text);
  return { observed: walked(observed, { cover, tell }), originals };
}

const placeholderOf = (key: Buffer, text: string): string =>
  `${mark}${createHmac("sha256", key).update(text).digest("base64url").slice(0, 16)}`;

interface Treatment {
  cover(value: unknown): unknown;
  /** Of a sentence for people. */
  tell(text: string): unknown;
}

const walked = (observed: object, treatment: Treatment): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(observed).map(([name, value]) => [name, walk(value, { name: root, parent: root }, treatment)]),
  );

function walk(value: unknown, place: Place, treatment: Treatment): unknown {
  if (typeof value === "string") return text(value, place, treatment);
  if (Array.isArray(value)) return value.map((item) => walk(item, place, treatment));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const { name } = place;
  if (openMaps.has(name)) return members(value, (member) => (isScalar(member) ? member : treatment.cover(member)));
  const guarded = Object.hasOwn(guardedMaps, name) ? guardedMaps[name] : undefined;
  if (guarded)
    return members(value, (member, key) => (guarded.has(key) && isScalar(member) ? member : treatment.cover(member)));
  if (name !== root && !isIn(containers, place)) return treatment.cover(value);
  return members(value, (member, key) => walk(member, { name: key, parent: name }, treatment));
}

function text(value: string, place: Place, { cover, tell }: Treatment): unknown {
  if (isIn(openTexts, place)) return value;
  return isIn(toldTexts, place) ? tell(value) : cover(value);
}

function members(value: object, of: (member: unknown, name: string) => unknown): object {
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) if (!omitted.has(name)) entries.push([name, of(member, name)]);
  return Object.fromEntries(entries);
}

const isScalar = (value: unknown): boolean => typeof value !== "object";

/** The value as it was before its texts were hidden, placeholders within longer texts included. */
export function reveal(value: unknown, originals: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") return value.includes(mark) ? revealText(value, originals) : value;
  if (Array.isArray(value)) return value.map((item) => reveal(item, originals));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, reveal(member, originals)]));
}

const placeholders = new RegExp(`${mark}[\\w-]{16}`, "g");

const revealText = (value: string, originals: ReadonlyMap<string, unknown>): unknown =>
  originals.has(value)
    ? originals.get(value)
    : value.replace(placeholders, (found) => {
        const original = originals.get(found);
        return typeof original === "string" ? original : found;
      });
