// Objects that came from `kubectl apply` without --server-side: kubectl may take over what its annotation records, and
// the annotation follows what it applies from then on.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { canonicalJson, isObject, type JsonObject, member, setMember, withoutMember } from "../json.ts";
import { compare } from "./comparison.ts";
import { difference, emptySet, type FieldSet } from "./field-set.ts";
import { fieldsOf } from "./field-set-of.ts";
import { problemsOf } from "./validate.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** Kubernetes' bound on the annotations of an object, keys and values together. */
const maxAnnotationBytes = 256 * 1024;

/** Fields that still have the value kubectl gave them: taking these is no conflict. */
export function fieldsLastApplied(schema: Schema, live: JsonObject, apiVersion: string): FieldSet {
  const lastApplied = lastAppliedOf(live);
  if (lastApplied?.apiVersion !== apiVersion) return emptySet;
  // What does not fit the schema cannot be compared, so nothing is known of what kubectl gave.
  if ([lastApplied, live].some((object) => problemsOf(schema, object).length > 0)) return emptySet;
  const { added, modified, removed } = compare(schema, lastApplied, live);
  return [modified, added, removed].reduce(difference, fieldsOf(schema, lastApplied));
}

/** Undefined when there is no such annotation, or none that kubectl could have written. */
function lastAppliedOf(object: JsonObject): JsonObject | undefined {
  const text = member(annotationsOf(object), annotation);
  if (typeof text !== "string") return undefined;
  try {
    const parsed: JsonValue = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Only an annotation that is there is kept up to date. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  if (!member(annotationsOf(object), annotation)) return object;
  const updated: JsonObject = { ...annotationsOf(object), [annotation]: `${canonicalJson(recordOf(applied))}\n` };
  const annotations = sizeOf(updated) > maxAnnotationBytes ? withoutMember(updated, annotation) : updated;
  return { ...object, metadata: { ...metadataOf(object), annotations } };
}

function recordOf(applied: JsonObject): JsonObject {
  if (!Object.hasOwn(annotationsOf(applied), annotation)) return applied;
  const annotations = withoutMember(annotationsOf(applied), annotation);
  const metadata = withoutMember(metadataOf(applied), "annotations");
  if (Object.keys(annotations).length > 0) setMember(metadata, "annotations", annotations);
  return { ...applied, metadata };
}

const metadataOf = ({ metadata }: JsonObject): JsonObject => (isObject(metadata) ? metadata : {});

const annotationsOf = (object: JsonObject): JsonObject => {
  const { annotations } = metadataOf(object);
  return isObject(annotations) ? annotations : {};
};

const sizeOf = (annotations: JsonObject): number =>
  Object.entries(annotations).reduce((bytes, [key, value]) => bytes + Buffer.byteLength(key + String(value)), 0);
