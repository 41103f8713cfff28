// Objects by the value of a selectable field, for lists of what a node runs among all there is.
import { compileJsonPath } from "../../../standalone/apiserver/json-path.ts";
import { asText, type KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { keyIn } from "./key.ts";
import { type Sorted, sorted } from "./sorted.ts";

export type ReadField = (object: KubernetesObject) => string;

/** As field selectors compare it: what is not there is the empty text. Paths are such as `.spec.nodeName`. */
export function fieldReader(path: string): ReadField {
  if (!/^(\.[A-Za-z]+)+$/.test(path)) return (object) => textOf(compileJsonPath(path)(object)[0]);
  const names = path.slice(1).split(".");
  return (object) => {
    let value: unknown = object;
    for (const name of names) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return "";
      value = (value as Record<string, unknown>)[name];
    }
    return textOf(value);
  };
}

const textOf = (value: unknown): string => (value === undefined || value === null ? "" : asText(value));

export interface FieldIndex {
  /** Undefined when nobody selects by this field. */
  find(path: string, value: string): Sorted | undefined;
  /** Whether there is an index by the field; it is made with the first question for it. */
  has(path: string): boolean;
  add(path: string, objects: Iterable<KubernetesObject>): void;
  change(before: KubernetesObject | undefined, after: KubernetesObject | undefined): void;
}

interface ByValue {
  read: ReadField;
  values: Map<string, Sorted>;
}

export function fieldIndex(selectable: readonly string[]): FieldIndex {
  const fields = new Map<string, ByValue>();
  return {
    has: (path) => fields.has(path),
    find: (path, value) => fields.get(path)?.values.get(value),
    add: (path, objects) => {
      if (!selectable.includes(path)) return;
      const field: ByValue = { read: fieldReader(path), values: new Map() };
      fields.set(path, field);
      for (const object of objects) put(field, object);
    },
    change: (before, after) => {
      for (const field of fields.values()) {
        if (before && (!after || field.read(before) !== field.read(after))) drop(field, before);
        if (after) put(field, after);
      }
    },
  };
}

const keyOf = ({ metadata }: KubernetesObject): string => keyIn(metadata.namespace, metadata.name);

function put({ read, values }: ByValue, object: KubernetesObject): void {
  const value = read(object);
  let found = values.get(value);
  if (!found) {
    found = sorted();
    values.set(value, found);
  }
  found.put(keyOf(object), object);
}

/** Empty ones stay: a node's name comes back. */
function drop({ read, values }: ByValue, object: KubernetesObject): void {
  values.get(read(object))?.delete(keyOf(object));
}
