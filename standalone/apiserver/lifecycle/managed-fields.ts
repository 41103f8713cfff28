// Who set which field: kept with every write, and left alone by writes that change nothing else.

import { isDeepStrictEqual } from "node:util";
import type { ServedResource } from "../machinery.ts";
import { type KubernetesObject, type ManagedFieldsEntry, withMetadata } from "../object.ts";
import { type JsonObject, updateManagedFields } from "../patch/index.ts";
import type { WriteOptions } from "./write-options.ts";

interface TrackedWrite {
  before: KubernetesObject | undefined;
  after: KubernetesObject;
  options: Pick<WriteOptions, "manager" | "subresource">;
  now: Date;
}

/** The object with its managedFields brought up to date for a write that is not a server-side apply. */
export function trackManager(resource: ServedResource, write: TrackedWrite): KubernetesObject {
  const { before, after, options, now } = write;
  const managedFields = updateManagedFields({
    schema: resource.schema,
    before: before as unknown as JsonObject | undefined,
    after: after as unknown as JsonObject,
    blank: (resource.strategy.blank ?? {}) as JsonObject,
    manager: options.manager,
    operation: "Update",
    ...endpointOf(resource, options.subresource),
    apiVersion: resource.apiVersion,
    now,
  }) as ManagedFieldsEntry[];
  return withMetadata(after, { managedFields: managedFields.length > 0 ? managedFields : undefined });
}

/** Which part of the object the request can write at all. */
export function endpointOf({ definition }: ServedResource, subresource: WriteOptions["subresource"]) {
  if (subresource === "status") return { subresource };
  return definition.subresources.status ? { resetFields: ["status"] } : {};
}

/** Whether two versions differ in nothing but the times in managedFields and the resourceVersion. */
export const isSameContent = (a: KubernetesObject, b: KubernetesObject): boolean =>
  isDeepStrictEqual(comparable(a), comparable(b));

const comparable = (object: KubernetesObject): KubernetesObject =>
  withMetadata(object, {
    resourceVersion: undefined,
    managedFields: object.metadata.managedFields?.map(({ time: _, ...entry }) => entry),
  });
