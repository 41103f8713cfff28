// One step of a field path, kept in its fieldsV1 spelling: "f:name", 'k:{"name":"root"}', "v:8080" or "i:0".
import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { canonicalJson, isObject, isScalar, type JsonObject } from "../json.ts";

const prefixes = ["f:", "k:", "v:", "i:"];

export const fieldElement = (name: string): string => `f:${name}`;
export const keyElement = (keys: JsonObject): string => `k:${canonicalJson(keys)}`;
export const valueElement = (value: JsonValue): string => `v:${canonicalJson(value)}`;

export const isField = (element: string): boolean => element.startsWith("f:");
export const fieldName = (element: string): string => element.slice(2);

/**
 * The one spelling that equal elements share, whatever the spacing or key order a client wrote.
 * Undefined for a kind of element that a later Kubernetes may invent: such a subtree is ignored.
 */
export function parseElement(text: string): string | undefined {
  if (text[1] !== ":") throw new PatchError(400, `field path element ${JSON.stringify(text)} is malformed`);
  if (!prefixes.includes(text.slice(0, 2))) return undefined;
  const parse = text.startsWith("k:") ? parseKeys : text.startsWith("v:") ? parseValue : undefined;
  if (parse) return parse(text);
  if (text.startsWith("i:") && !/^i:-?\d+$/.test(text)) {
    throw new PatchError(400, `field path element ${JSON.stringify(text)} is malformed: expected an index`);
  }
  return text;
}

const parseValue = (text: string): string => valueElement(parseJson(text));

function parseKeys(text: string): string {
  const keys = parseJson(text);
  if (isObject(keys)) return keyElement(keys);
  throw new PatchError(400, `field path element ${JSON.stringify(text)} is malformed: expected an object`);
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text.slice(2));
  } catch (cause) {
    throw new PatchError(400, `field path element ${JSON.stringify(text)} is malformed`, { cause });
  }
}

/** As conflicts show it: `.name`, `[name="root"]`, `[=8080]` or `[0]`. */
export function showElement(element: string): string {
  if (isField(element)) return `.${fieldName(element)}`;
  if (element.startsWith("i:")) return `[${element.slice(2)}]`;
  const value = parseJson(element);
  if (element.startsWith("v:") || !isObject(value)) return `[=${JSON.stringify(value)}]`;
  return `[${Object.entries(value)
    .map(([name, key]) => `${name}=${JSON.stringify(key)}`)
    .join(",")}]`;
}

/** Kubernetes' order: fields, then keys, then values, then indices. */
export function sortElements(elements: Iterable<string>): string[] {
  const ofKind = (prefix: string): string[] => all.filter((element) => element.startsWith(prefix));
  const all = [...elements];
  return [
    ...ofKind("f:").sort(compareText),
    ...byValue(ofKind("k:")),
    ...byValue(ofKind("v:")),
    ...byValue(ofKind("i:")),
  ];
}

const byValue = (elements: string[]): string[] =>
  elements
    .map((element) => ({ element, value: parseJson(element) }))
    .sort((left, right) => compareValues(left.value, right.value))
    .map(({ element }) => element);

function compareValues(left: JsonValue, right: JsonValue): number {
  if (isObject(left) && isObject(right)) return compareKeys(Object.entries(left), Object.entries(right));
  if (typeof left === "number" && typeof right === "number") return left - right;
  return rank(left) - rank(right) || compareText(String(left), String(right));
}

function compareKeys(left: [string, JsonValue][], right: [string, JsonValue][]): number {
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (!other) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const rank = (value: JsonValue): number =>
  isScalar(value) ? ["number", "string", "boolean"].indexOf(typeof value) : 3;

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
