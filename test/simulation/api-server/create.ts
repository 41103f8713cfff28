// POST of a new object.
import {
  ApiError,
  alreadyExists,
  badRequest,
  forbidden,
  methodNotAllowed,
  notFound,
} from "../../../standalone/apiserver/errors.ts";
import type { KubernetesObject, ObjectMeta } from "../../../standalone/apiserver/object.ts";
import { timestamp } from "../../../standalone/apiserver/timestamp.ts";
import { addressed, requireKind } from "./addressed.ts";
import { keyIn } from "./key.ts";
import { tracked } from "./managed-fields.ts";
import { type Model, written } from "./model.ts";
import { normalized } from "./normalized.ts";
import { managerOf, type Request, subjectOf } from "./request.ts";
import { namespaceResource } from "./resources.ts";

export function create(model: Model, request: Request): KubernetesObject {
  if (request.resource.definition.namespaced && request.namespace === undefined)
    throw methodNotAllowed("the server does not allow this method on the requested resource");
  const sent = addressed(request, requireKind(request, request.body()));
  const after = fresh(model, request, { sent, isTracked: false });
  return written(model, { ...request, verb: "create" }, { before: undefined, after });
}

/** The object as it will be stored. `isTracked`: who owns its fields is known already, as after an apply. */
export function fresh(
  model: Model,
  request: Request,
  { sent, isTracked }: { sent: KubernetesObject; isTracked: boolean },
): KubernetesObject {
  const { resource } = request;
  requireNamespace(model, request, sent.metadata.name ?? sent.metadata.generateName);
  const after = completed(model, request, sent);
  const now = model.now();
  const writer = { manager: managerOf(request), now };
  const owned = isTracked ? after : tracked(model.fields, resource, { before: undefined, after, writer });
  const object = resource.strategy.prepareCreate?.(owned, now) ?? owned;
  const { name, namespace } = object.metadata;
  if (model.store.collection(resource).byKey.has(keyIn(namespace, name)))
    throw alreadyExists({ ...subjectOf(request), name }, sent.metadata.generateName);
  return object;
}

/** As the client would have written it without leaving out what has a default. */
function completed(model: Model, request: Request, sent: KubernetesObject): KubernetesObject {
  const { definition, strategy } = request.resource;
  const known = normalized(request.resource, sent);
  const named: KubernetesObject = { ...known, metadata: freshMetadata(model, request, known.metadata) };
  const { status, ...rest } = named;
  const dropsStatus = definition.subresources.status && !strategy.keepsStatusOnCreate && status !== undefined;
  const wanted = dropsStatus ? (rest as KubernetesObject) : named;
  return strategy.complete?.(wanted) ?? wanted;
}

function freshMetadata(model: Model, { resource, namespace }: Request, metadata: ObjectMeta): ObjectMeta {
  if (metadata.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
  const { resourceVersion: _, deletionTimestamp: __, deletionGracePeriodSeconds: ___, ...given } = metadata;
  return {
    ...given,
    name: metadata.name || generatedName(model, resource.definition, metadata.generateName),
    ...(namespace !== undefined && { namespace }),
    uid: model.uid(),
    resourceVersion: "",
    creationTimestamp: timestamp(model.now()),
    ...(!resource.strategy.withoutGeneration && { generation: 1 }),
  };
}

function generatedName(
  model: Model,
  { kind, group }: { kind: string; group: string },
  prefix: string | undefined,
): string {
  if (prefix) return prefix.slice(0, 58) + model.suffix();
  const message = "Required value: name or generateName is required";
  throw new ApiError("Invalid", `${kind} "" is invalid: metadata.name: ${message}`, {
    ...{ kind, ...(group && { group }) },
    causes: [{ reason: "FieldValueRequired", message, field: "metadata.name" }],
  });
}

function requireNamespace({ store }: Model, request: Request, name: string | undefined): void {
  const { resource, namespace = "" } = request;
  if (!resource.definition.namespaced) return;
  const found = store.collection(namespaceResource).byKey.get(namespace);
  if (!found) throw notFound({ group: "", plural: "namespaces", name: namespace });
  if (!found.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden({ ...subjectOf(request), name: name ?? "" }, why);
}
