// Counting fields: what a declaration has, what of it a schema has, and which reason speaks of the rest.
import { coverageOf, percent } from "./coverage.ts";
import { coverageOfParts, parts } from "./parts.ts";
import { fieldIn } from "./schema-fields.ts";
import { declarationsIn, leafFields } from "./type-fields.ts";

const declarations = declarationsIn(`
/**
 * A box.
 * @interface V1Box
 */
interface V1Box {
    /**
     * Not a property: something;
     */
    name: string;
    _default?: boolean;
    labels?: {
        [key: string]: string;
    };
    parts?: Array<V1Part>;
    vSOCKCID?: number;
}
interface V1Part {
    place?: K8sIoApiCoreV1Affinity;
    empty?: V1Empty;
    around?: V1Part;
    spec?: V1beta1DataVolumeSpec;
}
interface V1Empty {
}
interface K8sIoApiCoreV1Affinity {
    nodeAffinity?: string;
}
interface V1beta1DataVolumeSpec {
    source?: string;
}
`);

test("leaves are fields without fields of the project's own below them", () =>
  expect(leafFields(declarations, "V1Box")).toEqual([
    "name",
    "default",
    "labels",
    "parts[].place",
    "parts[].empty",
    "parts[].around",
    "parts[].spec",
    "VSOCKCID",
  ]));

test("a kind that is not declared is an error", () =>
  expect(() => leafFields(declarations, "V1Bag")).toThrow("kind V1Bag is not declared"));

const refused = { description: "Not supported: no.", "x-kubernetes-validations": [{ rule: "false", message: "no" }] };
const schema = {
  properties: {
    name: {},
    parts: { items: { properties: { place: { properties: { nodeAffinity: {} } }, refused } } },
  },
};

test.each([
  { field: "name", want: true },
  { field: "labels", want: false },
  { field: "parts[].place", want: true },
  { field: "parts[].empty", want: false },
  { field: "name[]", want: false },
  { field: "name.first", want: false },
  { field: "parts[].refused.inner", want: false },
])("$field is in the schema: $want", ({ field, want }) =>
  expect(fieldIn(schema, field)?.refused === undefined && fieldIn(schema, field) !== undefined).toBe(want),
);

test("a field that is there to be refused is missing, and its message is the reason", () =>
  expect(coverageOf(["parts[].refused.inner"], schema, {}).missing).toEqual([
    { field: "parts[].refused.inner", reason: "no" },
  ]));

test.each([
  { when: "for the field", reasons: { "spec.a.b": "field" }, want: "field" },
  { when: "for all around it", reasons: { "spec.a": "around" }, want: "around" },
  { when: "for both, the nearer counts", reasons: { "spec.a": "around", "spec.a.b": "field" }, want: "field" },
  { when: "for its name anywhere", reasons: { "**.b": "name" }, want: "name" },
  { when: "for a field that begins alike", reasons: { "spec.a.bc": "other", spe: "other" }, want: undefined },
  { when: "for nothing", reasons: {}, want: undefined },
])("a reason $when", ({ reasons, want }) => {
  const counted = coverageOf(["spec.a.b", "name"], { properties: { name: {} } }, reasons as Record<string, string>);
  expect(counted).toEqual({ total: 2, missing: [{ field: "spec.a.b", reason: want }] });
});

test.each([
  { total: 3, missing: 1, want: "66 %" },
  { total: 3, missing: 0, want: "100 %" },
  { total: 0, missing: 0, want: "100 %" },
])("a share of $missing missing of $total is $want", ({ total, missing, want }) =>
  expect(percent({ total, missing: Array.from({ length: missing }, () => ({ field: "", reason: "" })) })).toBe(want),
);

test("the real declarations have all parts, and a reason for each field that is missing", () => {
  const coverage = coverageOfParts();
  expect([...coverage.keys()]).toEqual(parts);
  for (const { total, missing } of coverage.values()) {
    expect(total).toBeGreaterThan(15);
    expect(missing.filter(({ reason }) => reason === undefined)).toEqual([]);
  }
  const [, instance] = [...coverage].find(([{ name }]) => name === "VirtualMachineInstance spec") ?? [];
  expect(instance?.missing.map(({ field }) => field)).not.toContain("spec.domain.memory.guest");
});
