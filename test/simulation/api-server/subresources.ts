// The parts of objects that have a behaviour of their own: a pod's binding, and how a namespace is let go.
import {
  badRequest,
  conflict,
  methodNotAllowed,
  noSuchResource,
  successStatus,
} from "../../../standalone/apiserver/errors.ts";
import { isReleased } from "../../../standalone/apiserver/lifecycle/update.ts";
import { asText, isRecord, type KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { timestamp } from "../../../standalone/apiserver/timestamp.ts";
import { tracked } from "./managed-fields.ts";
import { type Model, written } from "./model.ts";
import { patch } from "./patch.ts";
import { managerOf, type Request, subjectOf } from "./request.ts";
import { liveObject, update } from "./update.ts";

const notAllowed = () => methodNotAllowed("the server does not allow this method on the requested resource");

export function answerSubresource(model: Model, request: Request): unknown {
  const { resource, subresource, method } = request;
  const { plural, subresources } = resource.definition;
  if (plural === "pods" && subresource === "binding") return bind(model, request);
  if (plural === "namespaces" && subresource === "finalize") return finalize(model, request);
  if (method === "POST" || method === "DELETE") throw notAllowed();
  if (subresource !== "status" || !subresources.status) throw noSuchResource();
  if (method === "GET") return liveObject(model, request);
  return method === "PUT" ? update(model, request) : patch(model, request);
}

function bind(model: Model, request: Request): unknown {
  if (request.method !== "POST") throw methodNotAllowed("pods/binding takes POST only");
  const sent = request.body();
  const target = isRecord(sent) ? sent.target : undefined;
  const node = isRecord(target) ? target.name : undefined;
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  const live = liveObject(model, request);
  requireUnbound(request, live);
  requireSame(request, live, isRecord(sent) && isRecord(sent.metadata) ? sent.metadata : {});
  const now = model.now();
  const after = bound(live, node, timestamp(now));
  const writer = { manager: managerOf(request), now };
  const owned = tracked(model.fields, request.resource, { before: live, after, writer });
  written(model, { ...request, verb: "create" }, { before: live, after: owned });
  return successStatus({});
}

function requireUnbound(request: Request, { spec, metadata }: KubernetesObject): void {
  const nodeName = isRecord(spec) ? spec.nodeName : undefined;
  const { name } = metadata;
  if (nodeName) throw conflict(subjectOf(request), `pod ${name} is already assigned to node "${asText(nodeName)}"`);
  if (metadata.deletionTimestamp)
    throw conflict(subjectOf(request), `pod ${name} is being deleted, cannot be assigned to a host`);
}

function requireSame(request: Request, { metadata }: KubernetesObject, wanted: Record<string, unknown>): void {
  for (const field of ["uid", "resourceVersion"] as const)
    if (wanted[field] && wanted[field] !== metadata[field])
      throw conflict(
        subjectOf(request),
        `Precondition failed: ${field} in precondition: ${wanted[field]}, ${field} in object meta: ${metadata[field]}`,
      );
}

function bound(live: KubernetesObject, nodeName: string, lastTransitionTime: string): KubernetesObject {
  const spec = live.spec as object;
  const { conditions = [], ...status } = (live.status ?? {}) as { conditions?: { type: string }[] };
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime };
  return {
    ...live,
    spec: { ...spec, nodeName },
    status: { ...status, conditions: [...conditions.filter(({ type }) => type !== "PodScheduled"), scheduled] },
  };
}

function finalize(model: Model, request: Request): KubernetesObject {
  if (request.method !== "PUT") throw methodNotAllowed("namespaces/finalize takes PUT only");
  const sent = request.body();
  const spec = isRecord(sent) && isRecord(sent.spec) ? sent.spec : {};
  const finalizers = Array.isArray(spec.finalizers) ? spec.finalizers.map(asText) : [];
  const before = liveObject(model, request);
  const after = { ...before, spec: finalizers.length > 0 ? { finalizers } : {} };
  const isRemoved = isReleased(request.resource, after);
  return written(model, { ...request, verb: "update" }, { before, after, isRemoved });
}
