// What is hidden: no secret is in a record, whatever is in the objects.

import { fc } from "../../../test/support/property.ts";
import { definitionsOf } from "../../definitions.ts";
import type { FunctionDefinition } from "../definition.ts";
import { hiddenTexts, isIn } from "./fields.ts";
import { hide, mark } from "./hide.ts";
import { type DecisionRecord, recordOf } from "./record.ts";
import { context, decisionOf } from "./testing/decisions.ts";
import { fullObservation, noon } from "./testing/observations.ts";
import { placesOf, schemaOf } from "./testing/schemas.ts";

const secret = Buffer.from("of the placeholders");
const settings = { image: "launcher:1" };
const definitions = definitionsOf({ launcher: settings });

const recorded = (definition: FunctionDefinition, observed: object): DecisionRecord =>
  recordOf(decisionOf(definition, observed), { ...context, secret });

const canary = (path: string): string => `canary of ${path}`;

test.each([
  { name: "vm", made: "VirtualMachineInstance" },
  { name: "vmi", made: "Pod" },
])("of everything there is $name makes a $made, without a secret in it", ({ name, made }) => {
  const [definition = definitions[0]] = definitions.filter((one) => one.name === name);
  const { vm, vmi, kubevirt, claims } = fullObservation(canary);
  const instance = name === "vm" ? undefined : { ...vmi, status: undefined };
  const common = { kubevirt, claims, settings, now: noon, refusal: undefined };
  const record = recorded(definition as FunctionDefinition, { ...common, vm, vmi: instance, pod: undefined });
  expect(record).toMatchObject({ intents: expect.arrayContaining([expect.objectContaining({ verb: "create" })]) });
  const intents = JSON.stringify("intents" in record ? record.intents : []);
  expect(intents).toContain(`"kind":"${made}"`);
  expect(intents).toContain(mark);
  expect(intents.match(/canary of [^"]*/g)).toBeNull();
  expect(record.really).toBeUndefined();
});

describe.each(definitions)("function $name", (definition) => {
  const { vm, vmi, pod, kubevirt, claims } = fullObservation(canary);
  const common = { vm, vmi, pod, kubevirt, claims, settings, now: noon, refusal: undefined };
  const pending = { ...vmi, status: undefined };
  const message = `spec is invalid: "${canary("VirtualMachine.spec.template.spec.volumes[].cloudInitNoCloud.userData")}"`;
  const refusal = { verb: "create", kind: "Pod", name: "web", message };

  test.each([
    { when: "everything is there", observed: common },
    { when: "an instance or a pod is to be made", observed: { ...common, vmi: pending, pod: undefined } },
    { when: "nothing else is there", observed: { ...common, pod: undefined, claims: [] } },
    { when: "a message quotes a secret", observed: { ...common, vmi: pending, pod: undefined, refusal } },
  ])("writes no secret down when $when", ({ observed }) => {
    const record = recorded(definition, { ...observed, vmi: definition.name === "vm" ? undefined : observed.vmi });
    expect(JSON.stringify(record).match(/canary of [^"]*/g)).toBeNull();
    expect(record.really).toBeUndefined();
    expect(JSON.stringify(record)).toContain(mark);
  });
});

test("every text that is to be hidden is in the observation of these tests", () => {
  const paths: string[] = [];
  fullObservation((path) => {
    paths.push(path);
    return path;
  });
  const kinds = ["VirtualMachine", "VirtualMachineInstance", "KubeVirt"] as const;
  const wanted = kinds
    .flatMap((kind) => placesOf(schemaOf(kind), { name: "", parent: "", path: kind }))
    .filter((place) => isIn(hiddenTexts, place))
    .map(({ path }) => path);
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((path) => !paths.includes(path))).toEqual([]);
});

test("equal texts stay equal, different ones different, and another key hides in another way", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const hidden = (userData: string, key = secret): unknown => hide({ x: { userData } }, key).observed.x;
      expect(JSON.stringify(hidden(a)) === JSON.stringify(hidden(b))).toBe(a === b);
      if (a) expect(hidden(a)).not.toEqual(hidden(a, Buffer.from("another")));
    }),
  );
});

test.each([
  { when: "name", object: { metadata: { name: "web" } }, kept: true },
  {
    when: "an annotation that is called like a field",
    object: { metadata: { annotations: { name: "x" } } },
    kept: false,
  },
  { when: "an annotation of ours", object: { metadata: { annotations: { "kubevirt.io/domain": "x" } } }, kept: true },
  {
    when: "an object in place of an annotation",
    object: { metadata: { annotations: { "kubevirt.io/domain": { a: 1 } } } },
    kept: false,
  },
  { when: "an object that is not known", object: { spec: { vendor: { name: "x" } } }, kept: false },
  {
    when: "a request's details",
    object: { status: { stateChangeRequests: [{ data: { paused: "true" } }] } },
    kept: true,
  },
  { when: "a number", object: { spec: { anything: 5 } }, kept: true },
])("$when is written down: $kept", ({ object, kept }) => {
  expect(JSON.stringify(hide({ object }, secret).observed.object) === JSON.stringify(object)).toBe(kept);
});

test("who owns which field is left out, and who wrote when is not", () => {
  const entry = { manager: "kubectl", operation: "Update", time: "2026-01-02T12:00:00Z" };
  const metadata = { managedFields: [{ ...entry, fieldsV1: { "f:spec": {} } }] };
  expect(hide({ x: { metadata } }, secret).observed).toEqual({ x: { metadata: { managedFields: [entry] } } });
});
