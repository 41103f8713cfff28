// PATCH in its four forms; server-side apply also creates what is not there.
import { ApiError, badRequest, conflict, notFound, type StatusCause } from "../errors.ts";
import { decode, decodeObject, mediaType } from "../http/body.ts";
import type { Reply } from "../http/call.ts";
import { addressed } from "../http/decode-object.ts";
import { flagOf, writeOptionsOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { createIn } from "../lifecycle/create.ts";
import { endpointOf } from "../lifecycle/managed-fields.ts";
import { updateIn, updateObject, type Wanted } from "../lifecycle/update.ts";
import type { WriteOptions } from "../lifecycle/write-options.ts";
import { keyOf, type Machinery, type ResourceCall, subjectOf } from "../machinery.ts";
import { isRecord, type KubernetesObject } from "../object.ts";
import {
  ApplyConflict,
  applyPatch,
  type JsonObject,
  jsonPatch,
  mergePatch,
  PatchError,
  strategicMergePatch,
} from "../patch/index.ts";
import { written } from "./written.ts";

const applyType = "application/apply-patch+yaml";

const patchTypes = ["application/json-patch+json", "application/merge-patch+json", applyType];

export async function patch(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const type = mediaType(call.headers["content-type"]);
  const options = writeOptionsOf(call, call.subresource === "status" ? "status" : "");
  if (type === applyType) return apply(machinery, call, options);
  const change = await patchFunction(call, type);
  const target = targetOf(call);
  return written(
    call,
    await updateObject(machinery, { target, change: (live) => ({ object: change(live) }), options }),
  );
}

/** From the live object to the patched one. */
async function patchFunction(
  call: ResourceCall,
  type: string,
): Promise<(live: KubernetesObject) => KubernetesObject> {
  const { resource } = call;
  const strategic = "application/strategic-merge-patch+json";
  const sent = decode(await call.body(), type, resource.builtIn ? [...patchTypes, strategic] : patchTypes);
  const patched = (live: JsonObject): unknown => {
    if (type === "application/json-patch+json") return jsonPatch(live, sent);
    if (!isRecord(sent)) throw badRequest("the patch must be an object");
    if (type === strategic) return strategicMergePatch(resource.schema, live, sent as JsonObject);
    return mergePatch(live, sent as JsonObject);
  };
  return (live) =>
    samePlace(
      call,
      refusing(() => patched(live as unknown as JsonObject)),
    );
}

/** A patch changes what an object holds, not which object it is. */
function samePlace(call: ResourceCall, patched: unknown): KubernetesObject {
  if (!isRecord(patched)) throw badRequest("the patched object must be an object");
  const { apiVersion, definition } = call.resource;
  if (patched.apiVersion !== apiVersion || patched.kind !== definition.kind)
    throw badRequest(`a patch must not change apiVersion and kind: expected ${apiVersion} ${definition.kind}`);
  return addressed(call, patched);
}

async function apply(machinery: Machinery, call: ResourceCall, options: WriteOptions): Promise<Reply> {
  const { apiVersion, definition } = call.resource;
  const sent = decodeObject(await call.body(), applyType, [applyType]);
  if (sent.apiVersion !== apiVersion || sent.kind !== definition.kind)
    throw badRequest(`the applied object must have apiVersion ${apiVersion} and kind ${definition.kind}`);
  const applied = addressed(call, sent);
  if (applied.metadata.managedFields) throw badRequest("metadata.managedFields must be nil");
  const request = { call, applied, options };
  const { object, created } = await machinery.store.write(
    (transaction) =>
      transaction.get(keyOf(targetOf(call)))
        ? { object: updateIn(transaction, machinery, appliedUpdate(machinery, request)), created: false }
        : { object: createIn(transaction, machinery, appliedCreation(machinery, request)), created: true },
    { dryRun: options.dryRun },
  );
  return written(call, object, created ? 201 : 200);
}

interface ApplyCall {
  call: ResourceCall;
  applied: KubernetesObject;
  options: WriteOptions;
}

const appliedUpdate = (machinery: Machinery, request: ApplyCall) => ({
  target: targetOf(request.call),
  options: request.options,
  change: (live: KubernetesObject): Wanted => ({ object: mergedApply(machinery, request, live), tracked: true }),
});

function appliedCreation(machinery: Machinery, request: ApplyCall) {
  const { call, applied, options } = request;
  const { uid } = applied.metadata;
  if (uid && !call.subresource) {
    const why = `the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(subjectOf(targetOf(call)), `uid mismatch: ${why}`);
  }
  if (applied.metadata.resourceVersion || call.subresource) throw notFound(subjectOf(targetOf(call)));
  const object = mergedApply(machinery, request, undefined);
  return { resource: call.resource, namespace: call.namespace ?? "", object, options, tracked: true };
}

function mergedApply(machinery: Machinery, request: ApplyCall, live: KubernetesObject | undefined): KubernetesObject {
  const { call, applied, options } = request;
  const object = refusing(() =>
    applyPatch({
      schema: call.resource.schema,
      live: live as unknown as JsonObject | undefined,
      applied: applied as unknown as JsonObject,
      manager: options.manager,
      force: flagOf(call.query, "force"),
      ...endpointOf(call.resource, options.subresource),
      apiVersion: call.resource.apiVersion,
      now: machinery.now(),
    }),
  );
  return object as unknown as KubernetesObject;
}

const patchReasons = { 400: "BadRequest", 413: "RequestEntityTooLarge", 422: "Invalid" } as const;

/** The patch functions have errors of their own. */
function refusing<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof PatchError)
      throw new ApiError(patchReasons[error.code], error.message, error.code === 422 ? {} : undefined);
    if (error instanceof ApplyConflict)
      throw new ApiError("Conflict", error.message, { causes: error.causes satisfies StatusCause[] });
    throw error;
  }
}
