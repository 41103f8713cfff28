// Which objects of a resource a list, watch or deletecollection is about.
import type { ServedResource } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import { type FieldRequirement, fieldPredicate, parseFieldSelector } from "./field-selector.ts";
import { type Labels, type Predicate, parseLabelSelector } from "./label-selector.ts";

export interface Selection {
  namespace: string | undefined;
  /** Set when only one object can match; it may still not. */
  name: string | undefined;
  /** Absent: every object of the namespace. Takes objects as they are stored. */
  matches: Predicate<KubernetesObject> | undefined;
}

export interface Selectors {
  /** Undefined where every label will do. */
  labels: Predicate<Labels> | undefined;
  fields: FieldRequirement[];
}

/** Throws BadRequest on what is no selector; whether a resource has the fields is not looked at. */
export function selectorsOf(query: URLSearchParams): Selectors {
  const labels = query.get("labelSelector") ?? "";
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
  return { labels: labels === "" ? undefined : parseLabelSelector(labels), fields };
}

export function selectionOf(
  resource: ServedResource,
  namespace: string | undefined,
  { labels, fields: requirements }: Selectors,
): Selection {
  const tests: Predicate<KubernetesObject>[] = [];
  if (labels) tests.push(({ metadata }) => labels(metadata.labels ?? {}));
  if (requirements.length > 0) {
    const holds = fieldPredicate(requirements, resource.definition.selectableFields);
    tests.push((object) => holds(resource.fromStored(object)));
  }
  const within = equalTo(requirements, "metadata.namespace");
  return {
    namespace: namespace ?? (resource.definition.namespaced ? within : undefined),
    name: equalTo(requirements, "metadata.name"),
    matches: tests.length > 0 ? (object) => tests.every((test) => test(object)) : undefined,
  };
}

const equalTo = (requirements: FieldRequirement[], wanted: string): string | undefined =>
  requirements.find(({ field, equal, value }) => field === wanted && equal && value !== "")?.value;
