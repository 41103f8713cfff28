import { expect, test } from "@jest/globals";
import { fc } from "../../test/support/property.ts";
import { element, findElement, isWritable, parseXml, serialize, textElement, type XmlElement } from "./xml.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const text = fc.string({ unit: "binary" }).filter(isWritable);
const attributes = fc.dictionary(name, text);
const leaf: fc.Arbitrary<XmlElement> = fc.record({ name, attributes, text, children: fc.constant([]) });
const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({ name, attributes, children: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }) }),
  ),
}));
/** No text and an empty one are written alike. */
const normal = ({ text, children, ...rest }: XmlElement): XmlElement => ({
  ...rest,
  attributes: { ...rest.attributes },
  children: children.map(normal),
  ...(text && { text }),
});

test("what was written is read back", () => {
  fc.assert(fc.property(tree, (given) => expect(normal(parseXml(serialize(given)))).toEqual(normal(given))));
});

test("an attribute that is undefined is left out", () =>
  expect(serialize(element("a", { b: undefined, c: 0 }))).toBe('<a c="0"/>'));

test("nothing leaves its text or attribute", () =>
  expect(serialize(textElement("a", "</a>&", { b: `"'<>` }))).toBe('<a b="&quot;\'&lt;&gt;">&lt;/a&gt;&amp;</a>'));

test("declarations, comments and both quotes are understood", () => {
  const read = parseXml(`<?xml version='1.0'?><!-- <b/> -->\n<a x='1' y="2">\n <b>t&#x41;&#66;&apos;</b>\n</a>`);
  expect(read.attributes).toEqual({ x: "1", y: "2" });
  expect(findElement(read, "b")?.text).toBe("tAB'");
});

test.each(["", "<a>", "</a>", "<a></b>", "<a", "text <"])("malformed: %j", (given) =>
  expect(() => parseXml(given)).toThrow(/malformed XML/),
);

test.each([
  { given: "a\tb\nc\u{1F600}", want: true },
  { given: "\u0000", want: false },
  { given: "\u001b", want: false },
  { given: "\ud800", want: false },
])("$given can be written: $want", ({ given, want }) => expect(isWritable(given)).toBe(want));
