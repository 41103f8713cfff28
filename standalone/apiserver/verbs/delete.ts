// DELETE of one object, or of all that a selection holds.
import { badRequest, successStatus } from "../errors.ts";
import { decodeObject, mediaType, objectTypes } from "../http/body.ts";
import { json, type Reply } from "../http/call.ts";
import { presentationFor } from "../http/presentation.ts";
import { dryRunOf, integerOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { type DeleteOptions, deleteIn, deleteObject, type PropagationPolicy } from "../lifecycle/delete.ts";
import { keyOf, type Machinery, type ResourceCall, type Target } from "../machinery.ts";
import { asText, isRecord } from "../object.ts";
import { selectionOf } from "../selectors/selection.ts";
import { written } from "./written.ts";

export async function remove(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { object, removed } = await deleteObject(machinery, targetOf(call), await deleteOptions(call));
  if (!removed) return written(call, object);
  const { group, plural } = call.resource.definition;
  const { name, uid } = object.metadata;
  return json(successStatus({ name, ...(group && { group }), kind: plural, uid }));
}

/** Each object is a write of its own; all that fit into one commit share it. */
export async function removeCollection(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { resource } = call;
  const options = await deleteOptions(call);
  const presentation = presentationFor(resource, call.headers.accept, call.query);
  const selection = selectionOf(resource, call.namespace, call.query);
  const found = machinery.store.read
    .list({ resource: resource.storedAs, namespace: selection.namespace })
    .filter(({ version }) => selection.matches?.(version.object) ?? true);
  await Promise.all(found.map(({ position }) => removeIfPresent(machinery, { resource, ...position }, options)));
  const metadata = { resourceVersion: String(machinery.store.revision) };
  return {
    code: 200,
    text: presentation.list(
      found.map(({ version }) => version),
      metadata,
    ),
  };
}

const removeIfPresent = (machinery: Machinery, target: Target, options: DeleteOptions): Promise<void> =>
  machinery.store.write(
    (transaction) => {
      const now = machinery.now();
      if (transaction.get(keyOf(target))) deleteIn(transaction, target, { ...options, now });
    },
    { dryRun: options.dryRun },
  );

const policies: readonly string[] = ["Background", "Foreground", "Orphan"];

/** From the body and the query; where both say something the body wins, as in Kubernetes. */
async function deleteOptions(call: ResourceCall): Promise<DeleteOptions> {
  const sent = await sentOptions(call);
  const dryRun = [...listOf(sent.dryRun), ...call.query.getAll("dryRun").filter((value) => value !== "")];
  const policy = sent.propagationPolicy ?? call.query.get("propagationPolicy") ?? undefined;
  if (policy !== undefined && !policies.includes(asText(policy)))
    throw badRequest(
      `propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: ${policies}`,
    );
  const preconditions = isRecord(sent.preconditions) ? sent.preconditions : {};
  return {
    gracePeriodSeconds: graceOf(sent.gracePeriodSeconds) ?? integerOf(call.query, "gracePeriodSeconds"),
    propagationPolicy: policy as PropagationPolicy | undefined,
    preconditions: {
      uid: textOf(preconditions.uid, "preconditions.uid"),
      resourceVersion: textOf(preconditions.resourceVersion, "preconditions.resourceVersion"),
    },
    dryRun: dryRunOf(dryRun.map(asText)),
  };
}

async function sentOptions(call: ResourceCall): Promise<Record<string, unknown>> {
  const body = await call.body();
  if (body.length === 0) return {};
  const sent = decodeObject(body, mediaType(call.headers["content-type"]), objectTypes);
  if (sent.kind !== undefined && sent.kind !== "DeleteOptions")
    throw badRequest(`expected DeleteOptions in the body, found ${JSON.stringify(sent.kind)}`);
  return sent;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function graceOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw badRequest(`gracePeriodSeconds: Invalid value: ${JSON.stringify(value)}: must be a number, 0 or more`);
  return Number(value);
}

function textOf(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string")
    throw badRequest(`${field}: Invalid value: ${JSON.stringify(value)}: must be a string`);
  return value;
}
