// The scale subresource: a resource's replica count as an autoscaling/v1 Scale.
import { badRequest } from "../errors.ts";
import { decodeObject, mediaType } from "../http/body.ts";
import { json, type Reply } from "../http/call.ts";
import { writeOptionsOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { compileJsonPath } from "../json-path.ts";
import { updateObject } from "../lifecycle/update.ts";
import type { Machinery, ResourceCall, Verb } from "../machinery.ts";
import { isRecord, type KubernetesObject, withMetadata } from "../object.ts";
import { type JsonObject, mergePatch } from "../patch/index.ts";
import { storedVersion } from "./get.ts";

interface ScalePaths {
  specReplicasPath: string;
  statusReplicasPath: string;
  labelSelectorPath?: string;
}

export async function scaleEndpoint(machinery: Machinery, call: ResourceCall, verb: Verb): Promise<Reply> {
  const paths = call.resource.definition.subresources.scale as ScalePaths;
  if (verb === "get") return json(scaleOf(call.resource.fromStored(storedVersion(machinery, call).object), paths));
  const sent = await sentScale(call, verb);
  const updated = await updateObject(machinery, {
    target: targetOf(call),
    options: writeOptionsOf(call, "scale"),
    change: (live) => ({ object: scaled(live, sent(live, paths), paths) }),
  });
  return json(scaleOf(updated, paths));
}

/** The Scale that the client wants, given the one it would read now. */
async function sentScale(call: ResourceCall, verb: Verb) {
  const type = mediaType(call.headers["content-type"]);
  const accepted = verb === "patch" ? ["application/merge-patch+json", "application/strategic-merge-patch+json"] : [];
  const sent = decodeObject(await call.body(), type, accepted.length > 0 ? accepted : ["application/json"]);
  return (live: KubernetesObject, paths: ScalePaths): unknown =>
    verb === "patch" ? mergePatch(scaleOf(live, paths) as JsonObject, sent as JsonObject) : sent;
}

function scaled(live: KubernetesObject, scale: unknown, { specReplicasPath }: ScalePaths): KubernetesObject {
  const spec = isRecord(scale) && isRecord(scale.spec) ? scale.spec : {};
  const replicas = spec.replicas ?? 0;
  if (!Number.isSafeInteger(replicas) || Number(replicas) < 0)
    throw badRequest(`spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be a number, 0 or more`);
  const metadata = isRecord(scale) && isRecord(scale.metadata) ? scale.metadata : {};
  const version = metadata.resourceVersion;
  const named = typeof version === "string" && version ? withMetadata(live, { resourceVersion: version }) : live;
  return withMember(named, specReplicasPath.split(".").slice(1), replicas) as KubernetesObject;
}

function withMember(object: Record<string, unknown>, [name, ...rest]: string[], value: unknown): object {
  if (name === undefined) return object;
  const inner = object[name];
  return { ...object, [name]: rest.length === 0 ? value : withMember(isRecord(inner) ? inner : {}, rest, value) };
}

function scaleOf(object: KubernetesObject, paths: ScalePaths) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicasAt = (path: string): number => Number(compileJsonPath(path)(object)[0] ?? 0);
  const selector = paths.labelSelectorPath && compileJsonPath(paths.labelSelectorPath)(object)[0];
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: replicasAt(paths.specReplicasPath) },
    status: {
      replicas: replicasAt(paths.statusReplicasPath),
      ...(typeof selector === "string" && { selector }),
    },
  };
}
