// Two answers that say the same are the same once uids, versions, times and generated names have symbols.
import { differing } from "./differing.ts";
import { normalAnswer } from "./normal.ts";
import { symbols } from "./symbols.ts";

const now = new Date();
const uid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const answer = (given: { uid: string; resourceVersion: string; suffix: string }) => ({
  ...{ code: 200, warnings: [] },
  body: {
    kind: "ConfigMap",
    metadata: {
      ...{ uid: given.uid, resourceVersion: given.resourceVersion, name: `gen-1000-${given.suffix}` },
      creationTimestamp: `${now.toISOString().slice(0, 19)}Z`,
    },
    message: `the UID is ${given.uid}`,
  },
});

test("what only names differ in is the same", () => {
  const [ours, theirs] = [
    answer({ uid: uid("a"), resourceVersion: "7", suffix: "aaaaa" }),
    answer({ uid: uid("b"), resourceVersion: "1234", suffix: "bbbbb" }),
  ];
  expect(normalAnswer(ours, symbols())).toEqual(normalAnswer(theirs, symbols()));
  expect(normalAnswer(ours, symbols()).body).toEqual({
    kind: "ConfigMap",
    metadata: { uid: "<uid1>", resourceVersion: "<rv1>", name: "gen-1000-<name1>", creationTimestamp: "<now>" },
    message: "the UID is <uid1>",
  });
});

test("a version that was kept is told from one that grew", () => {
  const seen = (versions: string[]) => {
    const of = symbols();
    return versions.map(
      (resourceVersion) =>
        normalAnswer(answer({ uid: uid("a"), resourceVersion, suffix: "aaaaa" }), of).body.metadata.resourceVersion,
    );
  };
  expect(seen(["5", "5"])).toEqual(["<rv1>", "<rv1>"]);
  expect(seen(["5", "9"])).toEqual(["<rv1>", "<rv2>"]);
});

test.each([
  { when: "equal", left: { a: [1] }, right: { a: [1] }, want: [] },
  { when: "another value", left: { a: { b: 1 } }, right: { a: { b: 2 } }, want: ["a.b"] },
  { when: "one more", left: { a: 1 }, right: { a: 1, b: 2 }, want: ["b"] },
  { when: "an item", left: [{ a: 1 }], right: [{ a: 2 }], want: ["[0].a"] },
  { when: "a longer list", left: { a: [1] }, right: { a: [1, 2] }, want: ["a"] },
])("differs: $when", ({ left, right, want }) => expect(differing(left, right).map(({ path }) => path)).toEqual(want));
