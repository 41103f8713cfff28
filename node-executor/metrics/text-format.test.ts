import { expect, it, test } from "@jest/globals";
import { fc } from "../../test/support/property.ts";
import { headText, labelText, seriesText } from "./text-format.ts";

test.each([
  { when: "a value is plain", labels: { a: "b", c: "d" }, want: 'a="b",c="d"' },
  { when: "a value has quotes", labels: { a: 'say "hi"' }, want: 'a="say \\"hi\\""' },
  { when: "a value has a line end", labels: { a: "b\nc" }, want: 'a="b\\nc"' },
  { when: "a value has a backslash", labels: { a: "\\n" }, want: 'a="\\\\n"' },
  { when: "there are none", labels: {}, want: "" },
])("labels are $want when $when", ({ labels, want }) => expect(labelText(labels)).toBe(want));

it("opens a metric with its help and type, each on one line", () => {
  expect(headText({ name: "m", help: "back\\slash\nline", type: "gauge" })).toBe(
    "# HELP m back\\\\slash\\nline\n# TYPE m gauge\n",
  );
});

/** As Prometheus reads it. */
function parse(line: string) {
  const [, name, labels = "", value] = /^(\w+)\{((?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)\n$/.exec(line) ?? [];
  const plain = (text: string) => text.replace(/\\(.)/g, (_, character) => (character === "n" ? "\n" : character));
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return { name, labels: Object.fromEntries(pairs.map(([, key = "", text = ""]) => [key, plain(text)])), value };
}

it("reads as what was written", () => {
  const values = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const labels = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(labels, values, (labels, value) => {
      const read = parse(seriesText("metric", labelText(labels), value));
      expect(read.name).toBe("metric");
      expect(Object.entries(read.labels)).toEqual(Object.entries(labels));
      expect(Number(read.value)).toEqual(value + 0);
    }),
  );
});
