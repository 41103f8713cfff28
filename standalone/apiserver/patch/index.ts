// Everything a PATCH, an apply and the managed fields of a write need; pure functions, used by the API server.
export { type ApplyRequest, applyPatch } from "./apply/apply.ts";
export { difference, type FieldSet, intersection, type Path, union } from "./apply/field-set.ts";
export { fieldSetOf } from "./apply/field-set-of.ts";
export { decodeFields, encodeFields, type FieldsV1 } from "./apply/fields-v1.ts";
export type { ManagedFieldsEntry } from "./apply/managers.ts";
export { type UpdateRequest, updateManagedFields } from "./apply/update.ts";
export { ApplyConflict, type ConflictCause, PatchError } from "./errors.ts";
export type { JsonObject } from "./json.ts";
export { jsonPatch } from "./json-patch.ts";
export { mergePatch } from "./merge-patch.ts";
export { strategicMergePatch } from "./strategic/strategic-merge-patch.ts";
