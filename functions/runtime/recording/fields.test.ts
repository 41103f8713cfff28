import { containers, guardedMaps, hiddenTexts, isIn, openMaps, openTexts, toldTexts } from "./fields.ts";
import { containersOf, isText, type Kind, type Place, placesOf, type Schema, schemaOf } from "./testing/schemas.ts";

const kinds: Kind[] = ["VirtualMachine", "VirtualMachineInstance", "KubeVirt"];

/** In how many of the lists it is: each field belongs into one. */
const listsWith = (place: Place): number =>
  [openTexts, toldTexts, hiddenTexts].filter((list) => isIn(list, place)).length;

/** What nobody has said of yet whether it may be written down. */
const unclassified = (schema: Schema, kind: string): string[] =>
  placesOf(schema, { name: "", parent: "", path: kind })
    .filter((place) => {
      if (place.schema.additionalProperties) return !openMaps.has(place.name) && !hiddenTexts.has(place.name);
      return isText(place.schema) && listsWith(place) !== 1;
    })
    .map(({ path }) => path);

test.each(kinds)(
  "of every text of %s it is said whether it may be recorded: in functions/runtime/recording/fields.ts",
  (kind) => {
    expect(unclassified(schemaOf(kind), kind)).toEqual([]);
  },
);

test.each([
  { when: "a text", schema: { type: "string" } },
  { when: "a text of a list", schema: { type: "array", items: { type: "string" } } },
  { when: "a text of an object", schema: { type: "object", properties: { script: { type: "string" } } } },
  { when: "a map", schema: { type: "object", additionalProperties: { type: "string" } } },
])("$when that a kind gets is found", ({ schema }) => {
  const spec: Schema = { type: "object", properties: { startupScript: schema } };
  expect(unclassified(spec, "spec")).toEqual([expect.stringContaining("spec.startupScript")]);
});

const rootOf = (kind: Kind) => ({ name: "", parent: "", path: kind });

test.each(kinds)("the objects of %s are gone into", (kind) => {
  const [, ...inner] = containersOf(schemaOf(kind), rootOf(kind));
  expect(inner.filter((place) => !isIn(containers, place)).map(({ path }) => path)).toEqual([]);
});

test.each(kinds)("what %s may have of any shape is hidden", (kind) => {
  const anything = placesOf(schemaOf(kind), rootOf(kind)).filter(
    ({ schema }) => schema["x-kubernetes-preserve-unknown-fields"],
  );
  expect(anything.filter((place) => isIn(containers, place)).map(({ path }) => path)).toEqual([]);
});

test("maps of anybody's keys are no objects of known fields", () => {
  for (const name of [...openMaps, ...Object.keys(guardedMaps)])
    expect([name, containers.has(name)]).toEqual([name, false]);
});
