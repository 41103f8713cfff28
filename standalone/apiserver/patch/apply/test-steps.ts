// What the tests of applying share: one call per step of an object's life.
import type { JsonObject } from "../json.ts";
import { aDeployment, at, deploymentSchema as schema } from "../test-schema.ts";
import { type ApplyRequest, applyPatch } from "./apply.ts";
import type { ManagedFieldsEntry } from "./managers.ts";
import { updateManagedFields } from "./update.ts";

type Step = Partial<ApplyRequest> & { by: string };

export const apply = (live: JsonObject | undefined, applied: JsonObject, { by, ...request }: Step): JsonObject =>
  applyPatch({
    schema,
    live,
    applied,
    manager: by,
    force: false,
    apiVersion: "apps/v1",
    now: at("00:00:00"),
    ...request,
  });

/** What an update or a create through the same server stores. */
export const update = (before: JsonObject | undefined, after: JsonObject, by: string): JsonObject => {
  const now = at("00:00:00");
  const request = { schema, before, after, manager: by, operation: "Update", apiVersion: "apps/v1", now } as const;
  const managedFields = updateManagedFields(request);
  return { ...after, metadata: { ...(after.metadata as JsonObject), managedFields } } as unknown as JsonObject;
};

export const managedFields = ({ metadata }: JsonObject): ManagedFieldsEntry[] =>
  ((metadata as JsonObject).managedFields ?? []) as unknown as ManagedFieldsEntry[];

export const fieldsOf = (object: JsonObject): Record<string, unknown> =>
  Object.fromEntries(managedFields(object).map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]));

export const withSpec = (spec: object): JsonObject => aDeployment({ spec });
