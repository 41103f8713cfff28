// Who owns which field is the same here as in the real implementation, whatever is written by whom.
import { expect, test } from "@jest/globals";
import { servedResource } from "../../../../standalone/apiserver/catalog.ts";
import { endpointOf } from "../../../../standalone/apiserver/lifecycle/managed-fields.ts";
import type { KubernetesObject } from "../../../../standalone/apiserver/object.ts";
import { applyPatch, type JsonObject, updateManagedFields } from "../../../../standalone/apiserver/patch/index.ts";
import { aDeployment, deploymentSchema } from "../../../../standalone/apiserver/patch/test-schema.ts";
import { fc } from "../../../support/property.ts";
import { frozen, sharing } from "../received.ts";
import { appliedTo, createFields, type Fields, fieldsAfter } from "./index.ts";

const names = { plural: "deployments", singular: "deployment", kind: "Deployment", listKind: "DeploymentList" };
const resource = servedResource({
  definition: {
    ...{ ...names, group: "apps", version: "v1", shortNames: [], categories: [], namespaced: true },
    ...{ schema: deploymentSchema, subresources: { status: true }, columns: [], selectableFields: [] },
  },
});

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const text = fc.constantFrom("1", "2");
const subset = (...all: string[]) => fc.shuffledSubarray(all);
const map = (...all: string[]) => subset(...all).map((keys) => Object.fromEntries(keys.map((key) => [key, "1"])));

const deduced = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constant(null),
    fc.array(text, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("x", "y"), tie("value"), { noNullPrototype: true }),
  ),
})).value;

/** The same one twice now and then. */
const ports = fc
  .oneof({ weight: 20, arbitrary: subset("80", "53") }, { weight: 1, arbitrary: fc.constant(["80", "80"]) })
  .map((all) => all.map(Number));

const container = (name: string) =>
  fc.record({
    name: fc.constant(name),
    image: some(text),
    args: some(subset("a", "b")),
    env: some(subset("A", "B").map((all) => all.map((key) => ({ name: key, value: "1" })))),
    ports: some(ports.map((all) => all.map((port) => ({ port })))),
  });

const condition = (type: string) =>
  fc.record({ type: fc.constant(type), status: some(fc.constantFrom("True", "False")) });

const status = fc.record({
  phase: some(text),
  ready: some(fc.constantFrom(1, 2)),
  conditions: some(subset("Ready", "Live", 'odd"').chain((types) => fc.tuple(...types.map(condition)))),
});

const spec = fc.record({
  replicas: some(fc.constantFrom(1, 2, null)),
  strategy: some(fc.oneof(fc.record({ type: some(text), window: some(fc.constant(1)) }), fc.constant(null))),
  selector: some(map("app", "tier")),
  limits: some(map("cpu", "memory")),
  zones: some(subset("x", "y", "z")),
  containers: some(subset("a", "b", "c").chain((all) => fc.tuple(...all.map(container)))),
  extra: some(fc.dictionary(fc.constantFrom("x", "y"), deduced, { noNullPrototype: true })),
  unknown: fc.option(text, { nil: undefined, freq: 60 }),
});

const metadata = fc.record({ labels: some(map("app", "tier")), finalizers: some(subset("f", "g")) });

/** As YAML would have it: no field is undefined. */
const configuration = fc
  .record({ metadata: some(metadata), spec: some(spec), status: some(status) })
  .map((fields): JsonObject => aDeployment(JSON.parse(JSON.stringify(fields))));

interface Step {
  verb: "apply" | "update";
  object: JsonObject;
  manager: string;
  isForced: boolean;
  subresource: "status" | undefined;
  seconds: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom("apply", "apply", "update"),
  object: configuration,
  manager: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom("a", "b", "c") },
    { weight: 1, arbitrary: fc.constant("kubectl") },
  ),
  isForced: fc.constantFrom(true, true, false),
  subresource: fc.constantFrom("status", "status", undefined),
  seconds: fc.integer({ min: 0, max: 3 }),
});

/** So that somebody is tracked from the beginning. */
const first: Step = {
  ...{ verb: "update", manager: "a", isForced: true, subresource: undefined, seconds: 0 },
  object: aDeployment({ spec: { replicas: 1, zones: ["x"] } }),
};

type Outcome = { object: KubernetesObject } | { refusal: string };

function outcome(work: () => KubernetesObject): Outcome {
  try {
    return { object: work() };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}

const timeOf = ({ seconds }: Step): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

const asJson = (object: unknown) => object as JsonObject;

function really(live: KubernetesObject | undefined, given: Step): KubernetesObject {
  const { object, manager, isForced: force, subresource, verb } = given;
  const writer = { manager, apiVersion: "apps/v1", now: timeOf(given), ...endpointOf(resource, subresource ?? "") };
  const { schema } = resource;
  if (verb === "apply")
    return applyPatch({
      schema,
      live: asJson(live),
      applied: object,
      force,
      ...writer,
    }) as unknown as KubernetesObject;
  const after = updated(live, given);
  const entries = updateManagedFields({
    ...{ schema, before: live && asJson(live), after: asJson(after), operation: "Update", ...writer },
  });
  return withEntries(after, entries as KubernetesObject["metadata"]["managedFields"]);
}

function quickly(fields: Fields, live: KubernetesObject | undefined, given: Step): KubernetesObject {
  const { object, manager, isForced: force, subresource, verb } = given;
  const writer = { manager, now: timeOf(given), subresource };
  if (verb === "apply")
    return appliedTo(fields, { resource, live, applied: object as unknown as KubernetesObject, writer, force });
  const after = sharing(live, updated(live, given));
  return withEntries(after, fieldsAfter(fields, { resource, before: live, after, writer }));
}

/** What the server makes of the object that an update sends. */
function updated(live: KubernetesObject | undefined, { object, subresource }: Step): KubernetesObject {
  const sent = structuredClone(object) as unknown as KubernetesObject;
  const kept = live?.metadata.managedFields;
  const part = subresource ? { ...(live ?? sent), status: sent.status } : { ...sent, status: live?.status };
  if (part.status === undefined) delete part.status;
  return { ...part, metadata: { ...part.metadata, ...(kept && { managedFields: kept }) } } as KubernetesObject;
}

function withEntries(object: KubernetesObject, entries: KubernetesObject["metadata"]["managedFields"] = []) {
  const { managedFields: _, ...rest } = object.metadata;
  const tracked = entries.length > 0 ? { ...rest, managedFields: entries } : rest;
  return { ...object, metadata: tracked } as KubernetesObject;
}

interface Pair {
  real: KubernetesObject | undefined;
  quick: KubernetesObject | undefined;
}

function afterStep(fields: Fields, before: Pair, given: Step): Pair {
  const want = outcome(() => really(before.real, given));
  const got = outcome(() => quickly(fields, before.quick, given));
  expect(got).toEqual(want);
  if ("refusal" in want || "refusal" in got) return before;
  if (want.object === before.real) expect(got.object).toBe(before.quick);
  return { real: want.object, quick: frozen(got.object) };
}

test("after any writes the same fields have the same owners", () => {
  const fields = createFields();
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 8 }), (isFresh, steps) => {
      const object = isFresh ? undefined : frozen(really(undefined, first));
      steps.reduce((before, given) => afterStep(fields, before, given), { real: object, quick: object } as Pair);
    }),
  );
});
