// pods/binding: the scheduler's decision, taken once.
import { badRequest, conflict, methodNotAllowed, notFound, successStatus } from "../../errors.ts";
import { decodeObject, mediaType } from "../../http/body.ts";
import { json } from "../../http/call.ts";
import { writeOptionsOf } from "../../http/request-options.ts";
import { targetOf } from "../../http/resource-call.ts";
import { trackManager } from "../../lifecycle/managed-fields.ts";
import type { WriteOptions } from "../../lifecycle/write-options.ts";
import { type Endpoint, keyOf, type Machinery, type ResourceCall, subjectOf, type Target } from "../../machinery.ts";
import { isRecord, type KubernetesObject } from "../../object.ts";
import { timestamp } from "../../timestamp.ts";
import { specOf, statusOf } from "./parts.ts";

export const binding: Endpoint = {
  kind: "Binding",
  verbs: ["create"],
  serve: async (machinery, call) => {
    if (call.method !== "POST") throw methodNotAllowed("pods/binding takes POST only");
    await bind(machinery, targetOf(call), { ...(await sentBinding(call)), options: writeOptionsOf(call) });
    return json(successStatus({}), 201);
  },
};

interface Binding {
  node: string;
  /** What the pod was when the scheduler decided; absent where it did not say. */
  metadata: { uid?: unknown; resourceVersion?: unknown };
}

async function sentBinding(call: ResourceCall): Promise<Binding> {
  const type = mediaType(call.headers["content-type"]);
  const { target, metadata } = decodeObject(await call.body(), type, ["application/json"]);
  const node = isRecord(target) ? target.name : undefined;
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  return { node, metadata: isRecord(metadata) ? metadata : {} };
}

function bind(
  machinery: Machinery,
  target: Target,
  { node, metadata, options }: Binding & { options: WriteOptions },
) {
  return machinery.store.write(
    (transaction) => {
      const live = transaction.get(keyOf(target))?.object;
      if (!live) throw notFound(subjectOf(target));
      requireUnbound(target, live);
      requireSame(target, live, metadata);
      const now = machinery.now();
      const after = bound(live, node, now);
      return transaction.put(keyOf(target), trackManager(target.resource, { before: live, after, options, now }));
    },
    { dryRun: options.dryRun },
  );
}

function requireUnbound(target: Target, live: KubernetesObject): void {
  const { nodeName } = specOf(live);
  if (nodeName) throw conflict(subjectOf(target), `pod ${target.name} is already assigned to node "${nodeName}"`);
  if (live.metadata.deletionTimestamp)
    throw conflict(subjectOf(target), `pod ${target.name} is being deleted, cannot be assigned to a host`);
}

function requireSame(target: Target, { metadata }: KubernetesObject, wanted: Binding["metadata"]): void {
  for (const field of ["uid", "resourceVersion"] as const)
    if (wanted[field] && wanted[field] !== metadata[field])
      throw conflict(
        subjectOf(target),
        `Precondition failed: ${field} in precondition: ${wanted[field]}, ${field} in object meta: ${metadata[field]}`,
      );
}

function bound(live: KubernetesObject, nodeName: string, now: Date): KubernetesObject {
  const { conditions = [], ...status } = statusOf(live);
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: timestamp(now) };
  return {
    ...live,
    spec: { ...specOf(live), nodeName },
    status: { ...status, conditions: [...conditions.filter(({ type }) => type !== "PodScheduled"), scheduled] },
  };
}
