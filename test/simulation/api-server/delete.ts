// DELETE of an object: at once, after its grace period, or when its finalizers let go.
import { badRequest, successStatus } from "../../../standalone/apiserver/errors.ts";
import { dryRunErrors, requireValid } from "../../../standalone/apiserver/http/request-options.ts";
import {
  type DeleteOptions,
  deleteIn,
  type PropagationPolicy,
} from "../../../standalone/apiserver/lifecycle/delete.ts";
import { asText, isRecord, type KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { notSupported } from "../../../standalone/apiserver/schema/field-error.ts";
import type { JsonValue } from "../../../standalone/apiserver/schema/index.ts";
import type { Transaction } from "../../../standalone/apiserver/storage/transaction.ts";
import { Version } from "../../../standalone/apiserver/storage/version.ts";
import { type Model, type Outcome, written } from "./model.ts";
import type { Request } from "./request.ts";
import { liveObject } from "./update.ts";

export function remove(model: Model, request: Request): unknown {
  const { resource, namespace = "", name = "" } = request;
  const options = deleteOptions(request);
  const live = liveObject(model, request);
  const decision = decisionOn(live);
  deleteIn(decision.transaction, { resource, namespace, name }, { ...options, now: model.now() });
  const { outcome } = decision;
  const query = options.dryRun ? { dryRun: "All" } : {};
  const object = written(model, { ...request, query, verb: "delete" }, outcome);
  if (!outcome.isRemoved || resource.strategy.returnsDeleted) return object;
  const { group, plural } = resource.definition;
  return successStatus({ name, ...(group && { group }), kind: plural, uid: object.metadata.uid });
}

/** Takes down what deleteIn wants to be stored. */
function decisionOn(live: KubernetesObject): { transaction: Transaction; outcome: Outcome } {
  const outcome: Outcome = { before: live, after: live, isRemoved: false };
  const take = (isRemoved: boolean, after: KubernetesObject): KubernetesObject => {
    Object.assign(outcome, { after, isRemoved });
    return after;
  };
  return {
    outcome,
    transaction: {
      get: () => new Version(0, "", live),
      put: (_key, object) => take(false, object),
      remove: (_key, lastState = live) => take(true, lastState),
    },
  };
}

const policies = ["Foreground", "Background", "Orphan"];

/** In the body, or in the query where there is no body, never in both. */
function deleteOptions({ query, body }: Request): DeleteOptions {
  const sent = body() ?? { ...query, dryRun: query.dryRun ? [String(query.dryRun)] : [] };
  if (!isRecord(sent)) throw badRequest("the body of the request must be an object");
  const { propagationPolicy: policy, orphanDependents } = sent;
  const dryRun = Array.isArray(sent.dryRun) ? sent.dryRun.map(asText) : [];
  const field = "propagationPolicy";
  requireValid("DeleteOptions", [
    ...(policy === undefined || policies.includes(asText(policy))
      ? []
      : [notSupported(field, policy as JsonValue, [...policies, "nil"])]),
    ...dryRunErrors(dryRun),
  ]);
  const preconditions = isRecord(sent.preconditions) ? sent.preconditions : {};
  return {
    gracePeriodSeconds: graceOf(sent.gracePeriodSeconds),
    propagationPolicy: policy as PropagationPolicy | undefined,
    orphanDependents: orphanDependents as boolean | undefined,
    preconditions: preconditions as { uid?: string; resourceVersion?: string },
    dryRun: dryRun.length > 0,
  };
}

/** As upstream: less than nothing is the shortest there is. */
function graceOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const seconds = Number(value);
  if (Number.isSafeInteger(seconds)) return seconds < 0 ? 1 : seconds;
  throw badRequest(`gracePeriodSeconds: Invalid value: ${JSON.stringify(value)}: must be a number`);
}
