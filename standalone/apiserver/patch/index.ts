// Everything a PATCH, an apply and the managed fields of a write need; pure functions, used by the API server.
export { applyPatch } from "./apply/apply.ts";
export { updateManagedFields } from "./apply/update.ts";
export { ApplyConflict, PatchError } from "./errors.ts";
export type { JsonObject } from "./json.ts";
export { jsonPatch } from "./json-patch.ts";
export { mergePatch } from "./merge-patch.ts";
export { strategicMergePatch } from "./strategic/strategic-merge-patch.ts";
