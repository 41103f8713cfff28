// What is stored: as JSON would bring it, shared where it can be, frozen.
import { expect, test } from "@jest/globals";
import { fc } from "../../support/property.ts";
import { frozen, received, sharing } from "./received.ts";

const json = fc.jsonValue({ maxDepth: 4 });

test.each([
  { when: "a field is undefined", sent: { a: undefined, b: 1 } },
  { when: "an item is undefined", sent: [undefined, 1] },
  { when: "a number is none", sent: { a: Number.NaN } },
  { when: "a value says itself what it is", sent: { at: new Date(0) } },
  { when: "there is a function", sent: { a: () => 1, b: 2 } },
])("$when: as JSON has it", ({ sent }) => expect(received(sent)).toEqual(JSON.parse(JSON.stringify(sent))));

test("what is received is the sender's no more", () => {
  const sent = { spec: { a: [1] } };
  const taken = received(sent);
  sent.spec.a.push(2);
  expect(taken).toEqual({ spec: { a: [1] } });
});

test("sharing changes nothing, and equal parts become the very same", () => {
  fc.assert(
    fc.property(json, json, (before, value) => {
      const [old, text] = [frozen(received(before)), JSON.stringify(value)];
      expect(JSON.stringify(frozen(sharing(old, received(value))))).toBe(text);
      expect(sharing(old, received(before))).toBe(old);
      const [whole, again] = [frozen(received({ a: before, b: value })), received({ a: before, b: 1, c: value })];
      expect((sharing(whole, again) as { a: unknown }).a).toBe((whole as { a: unknown }).a);
    }),
  );
});
