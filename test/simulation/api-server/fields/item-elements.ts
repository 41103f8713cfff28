// What identifies the items of a list, as fieldsV1 spells it.
import { itemElement } from "../../../../standalone/apiserver/patch/apply/list-item.ts";
import { isObject } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import type { Shape } from "./shape.ts";
import { unusual } from "./unusual.ts";

/** Throws `unusual` when two items are the same one. Items that lack their keys throw PatchError. */
export function elementsOf(shape: Shape, list: readonly JsonValue[]): string[] {
  const elements: string[] = [];
  for (const item of list) {
    const element = elementOf(shape, item);
    if (elements.includes(element)) throw unusual;
    elements.push(element);
  }
  return elements;
}

/** Nothing in it has to be escaped. */
const plain = /^[-\w./: ]*$/;

function elementOf({ itemKey, schema }: Shape, item: JsonValue): string {
  const key = itemKey !== undefined && isObject(item) ? item[itemKey] : undefined;
  if (typeof key === "string" && plain.test(key)) return `k:{"${itemKey}":"${key}"}`;
  return itemElement(schema, item);
}
