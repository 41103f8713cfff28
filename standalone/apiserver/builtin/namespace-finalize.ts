// namespaces/finalize: how a namespace's own finalizers are removed, when its content is gone or is given up.
import { methodNotAllowed, notFound } from "../errors.ts";
import { sentObject } from "../http/decode-object.ts";
import { targetOf } from "../http/resource-call.ts";
import { isReleased } from "../lifecycle/update.ts";
import { type Endpoint, keyOf, type Machinery, type ResourceCall, subjectOf, type Target } from "../machinery.ts";
import { asText, isRecord, type KubernetesObject } from "../object.ts";
import { written } from "../verbs/written.ts";

export const finalizeEndpoint: Endpoint = {
  kind: "Namespace",
  verbs: ["update"],
  serve: async (machinery, call) => {
    if (call.method !== "PUT") throw methodNotAllowed("namespaces/finalize takes PUT only");
    const { spec } = await sentObject(call);
    const finalizers = isRecord(spec) && Array.isArray(spec.finalizers) ? spec.finalizers.map(asText) : [];
    return written(call as ResourceCall, await setFinalizers(machinery, targetOf(call), finalizers));
  },
};

export const setFinalizers = (
  machinery: Machinery,
  target: Target,
  finalizers: string[],
): Promise<KubernetesObject> =>
  machinery.store.write((transaction) => {
    const version = transaction.get(keyOf(target));
    if (!version) throw notFound(subjectOf(target));
    const next = { ...version.object, spec: finalizers.length > 0 ? { finalizers } : {} };
    return isReleased(target.resource, next)
      ? transaction.remove(keyOf(target), next)
      : transaction.put(keyOf(target), next);
  });
