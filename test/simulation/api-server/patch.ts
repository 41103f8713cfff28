// PATCH: merge, JSON and strategic merge patches, and server-side apply, which also creates what is not there.
import { ApiError, badRequest, conflict, notFound, type StatusCause } from "../../../standalone/apiserver/errors.ts";
import { requireValid } from "../../../standalone/apiserver/http/request-options.ts";
import { isRecord, type KubernetesObject } from "../../../standalone/apiserver/object.ts";
import {
  ApplyConflict,
  type JsonObject,
  jsonPatch,
  mergePatch,
  PatchError,
  strategicMergePatch,
} from "../../../standalone/apiserver/patch/index.ts";
import { required } from "../../../standalone/apiserver/schema/field-error.ts";
import { addressed } from "./addressed.ts";
import { fresh } from "./create.ts";
import { appliedTo } from "./fields/index.ts";
import { keyIn } from "./key.ts";
import { type Model, written } from "./model.ts";
import { isFlagSet, managerOf, type Request, subjectOf } from "./request.ts";
import { changed, liveObject } from "./update.ts";

const applyType = "application/apply-patch+yaml";

export function patch(model: Model, request: Request): KubernetesObject {
  if (request.contentType === applyType) return refusing(() => apply(model, request));
  const live = liveObject(model, request);
  const wanted = samePlace(
    request,
    refusing(() => patched(request, live as unknown as JsonObject)),
  );
  return written(model, { ...request, verb: "patch" }, changed(model, request, { live, wanted }));
}

function patched(request: Request, live: JsonObject): unknown {
  const sent = request.body();
  const { contentType, resource } = request;
  if (contentType === "application/json-patch+json") return jsonPatch(live, sent);
  if (!isRecord(sent)) throw badRequest("the patch must be an object");
  if (contentType === "application/merge-patch+json") return mergePatch(live, sent as JsonObject);
  if (contentType === "application/strategic-merge-patch+json" && resource.builtIn)
    return strategicMergePatch(resource.schema, live, sent as JsonObject);
  const accepted = ["application/json-patch+json", "application/merge-patch+json", applyType].join(", ");
  const why = "the body of the request was in an unknown format - accepted media types include: ";
  throw new ApiError("UnsupportedMediaType", why + accepted);
}

function samePlace(request: Request, object: unknown): KubernetesObject {
  const { apiVersion, definition } = request.resource;
  if (!isRecord(object)) throw badRequest("the patched object must be an object");
  if (object.apiVersion !== apiVersion || object.kind !== definition.kind)
    throw badRequest(`a patch must not change apiVersion and kind: expected ${apiVersion} ${definition.kind}`);
  return addressed(request, object);
}

function apply(model: Model, request: Request): KubernetesObject {
  const { store } = model;
  const wanted = configuration(request);
  const { resource, namespace, name = "", query, subresource } = request;
  const live = store.collection(resource).byKey.get(keyIn(namespace, name));
  if (!live) requireCreation(request, wanted);
  const writer = {
    ...{ manager: managerOf(request), now: model.now() },
    subresource: subresource === "status" ? "status" : undefined,
  } as const;
  const force = isFlagSet(query.force);
  const object = appliedTo(model.fields, { resource, live, applied: wanted, writer, force });
  const outcome = live
    ? changed(model, request, { live, wanted: object, isTracked: true })
    : { before: undefined, after: fresh(model, request, { sent: object, isTracked: true }) };
  return written(model, { ...request, verb: "apply" }, outcome);
}

function configuration(request: Request): KubernetesObject {
  if (!request.query.fieldManager)
    requireValid("PatchOptions", [required("fieldManager", "is required for apply patch")]);
  const { apiVersion, definition } = request.resource;
  const sent = request.body();
  if (!isRecord(sent)) throw badRequest("the body of the request must be an object");
  if (sent.apiVersion !== apiVersion || sent.kind !== definition.kind)
    throw badRequest(`the applied object must have apiVersion ${apiVersion} and kind ${definition.kind}`);
  const wanted = addressed(request, sent);
  if (wanted.metadata.managedFields) throw badRequest("metadata.managedFields must be nil");
  return wanted;
}

function requireCreation(request: Request, { metadata }: KubernetesObject): void {
  const { uid, resourceVersion } = metadata;
  if (uid && !request.subresource) {
    const why = `the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(subjectOf(request), `uid mismatch: ${why}`);
  }
  if (resourceVersion || request.subresource) throw notFound(subjectOf(request));
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
