// Which objects a list or watch is about, and by which field they are found without looking at all of them.
import { badRequest } from "../../../standalone/apiserver/errors.ts";
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { type FieldRequirement, parseFieldSelector } from "../../../standalone/apiserver/selectors/field-selector.ts";
import { type Predicate, parseLabelSelector } from "../../../standalone/apiserver/selectors/label-selector.ts";
import { fieldReader } from "./field-index.ts";

export interface Selection {
  /** Absent: all namespaces. */
  namespace: string | undefined;
  /** Absent: every object of the namespace. */
  matches: Predicate<KubernetesObject> | undefined;
  /** A field that has this value in all objects of the selection. */
  by: { path: string; value: string } | undefined;
}

const metadataPaths = [".metadata.name", ".metadata.namespace"];

/** Throws BadRequest on selectors that the API server would not take. */
export function selectionFor(
  { definition }: ServedResource,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection {
  const labels = query.get("labelSelector") ?? "";
  const requirements = parseFieldSelector(query.get("fieldSelector") ?? "");
  const tests = requirements.map((requirement) => fieldTest(requirement, definition.selectableFields));
  if (labels !== "") {
    const holds = parseLabelSelector(labels);
    tests.push(({ metadata }) => holds(metadata.labels ?? {}));
  }
  const by = requirements.find(({ equal }) => equal);
  const within = requirements.find(({ field, equal }) => equal && field === "metadata.namespace")?.value;
  return {
    namespace: namespace ?? (definition.namespaced && within !== "" ? within : undefined),
    matches: bothOf(tests),
    by: by && { path: `.${by.field}`, value: by.value },
  };
}

function fieldTest(
  { field, equal, value }: FieldRequirement,
  selectable: readonly string[],
): Predicate<KubernetesObject> {
  const path = `.${field}`;
  if (![...metadataPaths, ...selectable].includes(path)) throw badRequest(`field label not supported: ${field}`);
  const read = fieldReader(path);
  return (object) => (read(object) === value) === equal;
}

function bothOf(tests: Predicate<KubernetesObject>[]): Selection["matches"] {
  const [first, ...others] = tests;
  if (!first || others.length === 0) return first;
  return (object) => tests.every((test) => test(object));
}
