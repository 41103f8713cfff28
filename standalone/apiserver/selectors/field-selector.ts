// Field selectors: equality on the few fields that a resource declares selectable.
import { badRequest } from "../errors.ts";
import { compileJsonPath } from "../json-path.ts";
import { asText, type KubernetesObject } from "../object.ts";
import type { Predicate } from "./label-selector.ts";

export interface FieldRequirement {
  field: string;
  equal: boolean;
  value: string;
}

export function parseFieldSelector(selector: string): FieldRequirement[] {
  if (selector.trim() === "") return [];
  return selector.split(/(?<!\\),/).map((term) => {
    const match = /^\s*([^=!]+?)\s*(==|!=|=)(.*)$/s.exec(term);
    if (!match) throw badRequest(`invalid selector: ${JSON.stringify(selector)}; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    return { field, equal: operator !== "!=", value: value.trim().replace(/\\([\\,=])/g, "$1") };
  });
}

/** `selectable` are JSON paths such as `.spec.nodeName`; metadata.name and metadata.namespace always are. */
export function fieldPredicate(
  requirements: FieldRequirement[],
  selectable: readonly string[],
): Predicate<KubernetesObject> {
  const known = new Set([".metadata.name", ".metadata.namespace", ...selectable]);
  const tests = requirements.map(({ field, equal, value }) => {
    const path = `.${field}`;
    if (!known.has(path)) throw badRequest(`field label not supported: ${field}`);
    const read = compileJsonPath(path);
    return (object: KubernetesObject) => (textOf(read(object)[0]) === value) === equal;
  });
  return (object) => tests.every((test) => test(object));
}

const textOf = (value: unknown): string => (value === undefined || value === null ? "" : asText(value));
