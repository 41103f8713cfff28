// Who set which field, kept with every write that is not an apply.
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { type Fields, type FieldWriter, fieldsAfter } from "./fields/index.ts";

export interface Transition {
  before: KubernetesObject | undefined;
  after: KubernetesObject;
}

export function tracked(
  fields: Fields,
  resource: ServedResource,
  { before, after, writer }: Transition & { writer: FieldWriter },
): KubernetesObject {
  const managedFields = fieldsAfter(fields, { resource, before, after, writer });
  const { managedFields: sent, ...metadata } = after.metadata;
  if (managedFields.length === 0) return sent ? { ...after, metadata } : after;
  return { ...after, metadata: { ...metadata, managedFields } };
}
