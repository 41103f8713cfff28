import { describe, expect, test } from "@jest/globals";
import type { JsonValue, Schema, ValidationRule } from "../schema.ts";
import { evaluateRules } from "./rules.ts";

const string: Schema = { type: "string" };
const integer: Schema = { type: "integer" };

/** A resource whose spec carries the rules. */
const resource = (spec: Schema): Schema => ({ type: "object", properties: { spec } });

const spec: Schema = {
  type: "object",
  properties: {
    s: string,
    t: string,
    i: integer,
    d: { type: "number" },
    b: { type: "boolean" },
    ios: { "x-kubernetes-int-or-string": true },
    when: { type: "string", format: "date-time" },
    wait: { type: "string", format: "duration" },
    raw: { type: "string", format: "byte" },
    nullable: { type: "string", nullable: true },
    "dash-ed": string,
    "dot.ted": string,
    under__score: string,
    namespace: string,
    list: { type: "array", items: integer },
    names: { type: "array", items: string, "x-kubernetes-list-type": "set" },
    disks: {
      type: "array",
      items: { type: "object", properties: { name: string, size: integer } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    map: { type: "object", additionalProperties: string },
    inner: { type: "object", properties: { x: integer } },
  },
};

const failures = (rule: string | ValidationRule, value: JsonValue, old?: JsonValue): string[] => {
  const rules = [typeof rule === "string" ? { rule } : rule];
  const schema = resource({ ...spec, "x-kubernetes-validations": rules });
  const before = old === undefined ? undefined : { spec: old };
  return evaluateRules(schema, { spec: value }, before).map(({ field, message }) => `${field}: ${message}`);
};

describe("rules that hold", () => {
  test.each<[string, JsonValue]>([
    ["self.i > 3", { i: 4 }],
    ["self.i + 1 == 5 && self.i % 3 == 1", { i: 4 }],
    ["self.d == 4.0 && self.d < 4.5", { d: 4 }],
    ["double(self.i) / 3.0 > 1.3", { i: 4 }],
    ["self.b ? self.i == 1 : self.i == 2", { b: false, i: 2 }],
    ["!has(self.s)", {}],
    ["has(self.s) && !has(self.nullable)", { s: "", nullable: null }],
    ["has(self.inner.x)", { inner: { x: 0 } }],
    ["has(self.disks[0].size)", { disks: [{ name: "a", size: 1 }] }],
    ["!has(self.disks[0].size)", { disks: [{ name: "a" }] }],
    ["self.disks.all(d, d.size > 0)", { disks: [{ name: "a", size: 1 }] }],
    ["self.disks.exists(d, d.name == 'b')", { disks: [{ name: "a" }, { name: "b" }] }],
    ["self.disks.exists_one(d, d.name.startsWith('a'))", { disks: [{ name: "a" }, { name: "b" }] }],
    ["self.disks.map(d, d.name) == ['a', 'b']", { disks: [{ name: "a" }, { name: "b" }] }],
    [
      "self.disks.map(d, d.size > 1, d.name) == ['b']",
      {
        disks: [
          { name: "a", size: 1 },
          { name: "b", size: 2 },
        ],
      },
    ],
    [
      "self.disks.filter(d, d.size > 1).size() == 1",
      {
        disks: [
          { name: "a", size: 1 },
          { name: "b", size: 2 },
        ],
      },
    ],
    ["self.disks.all(d, self.names.exists(n, n == d.name))", { disks: [{ name: "a" }], names: ["b", "a"] }],
    ["self.map.all(k, k.matches('^[a-z]+$') && self.map[k] != '')", { map: { ab: "x" } }],
    ["'a' in self.map && !('b' in self.map)", { map: { a: "" } }],
    ["'constructor' in self.map && !('toString' in self.map)", { map: { constructor: "" } }],
    ["'a' in self.names", { names: ["a"] }],
    ["self.names == ['b', 'a']", { names: ["a", "b"] }],
    ["size(self.s) == 3 && self.list.size() == 2 && size(self.map) == 1", { s: "abc", list: [1, 2], map: { a: "" } }],
    ["self.list.isSorted() && self.list.sum() == 6", { list: [1, 2, 3] }],
    ["self.list.min() == 1 && self.list.max() == 3", { list: [3, 1, 2] }],
    [
      "self.list.indexOf(2) == 1 && self.list.lastIndexOf(2) == 3 && self.list.indexOf(9) == -1",
      { list: [1, 2, 3, 2] },
    ],
    ["[].sum() == 0 && self.names.isSorted()", { names: ["a", "b"] }],
    ["self.s.charAt(1) == 'b' && self.s.indexOf('c') == 2 && self.s.lastIndexOf('a') == 3", { s: "abca" }],
    ["self.s.lowerAscii() == 'abc' && self.s.upperAscii() == 'ABC'", { s: "aBc" }],
    ["self.s.replace('a', 'x') == 'xbxbx' && self.s.replace('a', 'x', 2) == 'xbxba'", { s: "ababa" }],
    ["self.s.split(',') == ['a', 'b'] && self.s.split(',').join('-') == 'a-b'", { s: "a,b" }],
    ["self.s.substring(1) == 'bc' && self.s.substring(0, 1) == 'a' && ' a '.trim() == 'a'", { s: "abc" }],
    ["self.s.contains('b') && self.s.endsWith('c')", { s: "abc" }],
    ["self.s.find('[0-9]+') == '12' && self.s.findAll('[0-9]+') == ['12', '3']", { s: "a12b3" }],
    ["self.s.findAll('[0-9]', 2).size() == 2 && self.s.find('z') == ''", { s: "a12b3" }],
    ["self.s.matches('(?i)^ABC$') && self.s.matches('^[[:alpha:]]+$')", { s: "abc" }],
    [
      "'%s has %d of %.1f, %x'.format([self.s, self.i, self.d, 255]) == 'a has 2 of 2.5, ff'",
      { s: "a", i: 2, d: 2.5 },
    ],
    [`'%s'.format([[self.s, 'b']]) == '["a", "b"]'`, { s: "a" }],
    ["quantity(self.s).isLessThan(quantity('1Gi')) && isQuantity('10m') && !isQuantity('ten')", { s: "512Mi" }],
    ["quantity('1Gi').add(quantity('1Gi')) == quantity('2Gi') && quantity('2k').asInteger() == 2000", {}],
    ["quantity('1500m').compareTo(quantity('1.5')) == 0 && quantity('-1').sign() == -1", {}],
    ["!quantity('1500m').isInteger() && quantity('1').sub(1).asApproximateFloat() == 0.0", {}],
    [
      "url(self.s).getHost() == 'h:80' && url(self.s).getHostname() == 'h' && url(self.s).getPort() == '80'",
      { s: "https://h:80/p%20?a=1&a=2" },
    ],
    ["url(self.s).getScheme() == 'https' && url(self.s).getEscapedPath() == '/p%20'", { s: "https://h:80/p%20?a=1" }],
    ["url(self.s).getQuery()['a'] == ['1', '2'] && isURL('/path') && !isURL('no url')", { s: "https://h/?a=1&a=2" }],
    ["ip(self.s).family() == 4 && isIP('::1') && !isIP('1.2.3') && ip('::1').isLoopback()", { s: "10.0.0.1" }],
    ["ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1') && string(ip('0:0::1')) == '::1'", {}],
    ["cidr(self.s).containsIP('10.1.2.3') && cidr(self.s).containsCIDR('10.1.0.0/16')", { s: "10.0.0.0/8" }],
    ["cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('::/64').prefixLength() == 64 && !isCIDR('1/2')", {}],
    ["sets.contains([1, 2], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])", {}],
    [
      "!format.dns1123Label().validate(self.s).hasValue() && format.dns1123Label().validate('A').hasValue()",
      { s: "ab-c" },
    ],
    ["self.ios == 5 || self.ios == '5'", { ios: 5 }],
    ["type(self.ios) == string ? self.ios.endsWith('%') : self.ios > 0", { ios: "50%" }],
    [
      "self.when > timestamp('2020-01-01T00:00:00Z') && self.when.getFullYear() == 2024",
      { when: "2024-05-01T00:00:00Z" },
    ],
    ["self.wait > duration('1m') && self.wait.getMinutes() == 90", { wait: "1h30m" }],
    ["self.raw == b'hi' && size(self.raw) == 2", { raw: "aGk=" }],
    ["self.dash__dash__ed == 'a' && self.dot__dot__ted == 'b'", { "dash-ed": "a", "dot.ted": "b" }],
    ["self.under__underscores__score == 'c' && self.__namespace__ == 'd'", { under__score: "c", namespace: "d" }],
    ["self.?s.orValue('x') == 'x' && self.?inner.x.orValue(0) == 0", {}],
    ["cel.bind(n, self.i * 2, n + n == 8)", { i: 2 }],
    ["self.inner == {'x': 1} && dyn([1, 'a']).size() == 2", { inner: { x: 1 } }],
    ["self.list + [3] == [1, 2, 3]", { list: [1, 2] }],
    ["self.i == 9007199254740993 - 1", { i: 9007199254740992 }],
    ["true || self.missing == 1", {}],
  ])("%s", (rule, value) => expect(failures(rule, value)).toEqual([]));
});

describe("refusals", () => {
  test.each<{ when: string; rule: string | ValidationRule; value?: JsonValue; want: string }>([
    { when: "it has no message", rule: "self.i > 3", want: "spec: Invalid value: failed rule: self.i > 3" },
    {
      when: "it has one",
      rule: { rule: "self.i > 3", message: "must be > 3" },
      want: "spec: Invalid value: must be > 3",
    },
    {
      when: "it has an expression for it",
      rule: { rule: "self.i > 3", message: "no", messageExpression: "'%d is too low'.format([self.i])" },
      want: "spec: Invalid value: 1 is too low",
    },
    {
      when: "that expression fails",
      rule: { rule: "self.i > 3", message: "plain", messageExpression: "self.t" },
      want: "spec: Invalid value: plain",
    },
    {
      when: "it names a field",
      rule: { rule: "self.i > 3", message: "low", fieldPath: ".i" },
      want: "spec.i: Invalid value: low",
    },
    {
      when: "it names a quoted field",
      rule: { rule: "self.i > 3", message: "low", fieldPath: ".map['a.b']" },
      want: "spec.map[a.b]: Invalid value: low",
    },
    {
      when: "its reason is Forbidden",
      rule: { rule: "false", message: "not here", reason: "FieldValueForbidden" },
      want: "spec: Forbidden: not here",
    },
    {
      when: "its reason is Required",
      rule: { rule: "false", message: "must be set", reason: "FieldValueRequired" },
      want: "spec: Required value: must be set",
    },
    {
      when: "its reason is Duplicate",
      rule: { rule: "false", reason: "FieldValueDuplicate" },
      want: "spec: Duplicate value",
    },
    {
      when: "a field is missing",
      rule: "self.s == 'a'",
      want: "spec: Invalid value: \"object\": no such key: s evaluating rule: self.s == 'a'",
    },
    {
      when: "an index is out of bounds",
      rule: "self.list[9] == 1",
      value: { list: [1] },
      want: 'spec: Invalid value: "object": no such key: index out of bounds, index 9 >= size 1 evaluating rule: self.list[9] == 1',
    },
    {
      when: "it divides by zero",
      rule: "self.i / 0 == 1",
      want: 'spec: Invalid value: "object": division by zero evaluating rule: self.i / 0 == 1',
    },
    {
      when: "types do not fit",
      rule: "self.i + 'a' == 'b'",
      want: "spec: Invalid value: \"object\": 'no such overload: dyn<int> + string': call arguments did not match a supported operator, function or macro signature for rule: self.i + 'a' == 'b'",
    },
    {
      when: "a quantity is malformed",
      rule: "quantity('ten').isInteger()",
      want: 'spec: Invalid value: "object": quantity "ten" is malformed: it must be a number with an optional suffix evaluating rule: quantity(\'ten\').isInteger()',
    },
  ])("when $when", ({ rule, value = { i: 1 }, want }) => expect(failures(rule, value)).toEqual([want]));

  test("a rule that does not compile is reported, not thrown", () =>
    expect(failures("self.i >", { i: 1 })).toEqual([
      expect.stringContaining("rule compile error: compilation failed"),
    ]));

  test("a scalar's value is shown", () => {
    const schema = resource({
      type: "object",
      properties: { i: { ...integer, "x-kubernetes-validations": [{ rule: "self > 3" }] } },
    });
    expect(evaluateRules(schema, { spec: { i: 1 } })).toEqual([
      { type: "FieldValueInvalid", field: "spec.i", message: "Invalid value: 1: failed rule: self > 3" },
    ]);
  });

  test("rules apply at every level", () => {
    const rules = [{ rule: "self != 'bad'", message: "bad" }];
    const item: Schema = { ...string, "x-kubernetes-validations": rules };
    const schema = resource({
      type: "object",
      properties: { list: { type: "array", items: item }, map: { type: "object", additionalProperties: item } },
    });
    const found = evaluateRules(schema, { spec: { list: ["ok", "bad"], map: { "a.b": "bad" } } });
    expect(found.map(({ field }) => field)).toEqual(["spec.list[1]", "spec.map[a.b]"]);
  });

  test("rules at the root see the metadata", () => {
    const rules = [{ rule: "self.metadata.name == self.kind.lowerAscii()" }];
    const schema: Schema = { type: "object", "x-kubernetes-validations": rules };
    expect(evaluateRules(schema, { kind: "Web", metadata: { name: "web" } })).toEqual([]);
    expect(evaluateRules(schema, { kind: "Web", metadata: { name: "db" } })).toMatchObject([{ field: "<nil>" }]);
  });
});

describe("transitions", () => {
  const immutable = { rule: "self.i == oldSelf.i", message: "immutable" };
  const once: ValidationRule = {
    rule: "!oldSelf.hasValue() || oldSelf.value().i == self.i",
    message: "set once",
    optionalOldSelf: true,
  };
  test.each<{ when: string; rule: ValidationRule; value: JsonValue; old?: JsonValue; want: string[] }>([
    { when: "an object is created", rule: immutable, value: { i: 1 }, want: [] },
    { when: "nothing changes", rule: immutable, value: { i: 1 }, old: { i: 1 }, want: [] },
    { when: "it changes", rule: immutable, value: { i: 2 }, old: { i: 1 }, want: ["spec: Invalid value: immutable"] },
    { when: "an optional old value is absent", rule: once, value: { i: 1 }, want: [] },
    {
      when: "an optional old value is there",
      rule: once,
      value: { i: 2 },
      old: { i: 1 },
      want: ["spec: Invalid value: set once"],
    },
    {
      when: "a default stands in for the old value",
      rule: { rule: "oldSelf.orValue(self).i == self.i", optionalOldSelf: true },
      value: { i: 2 },
      want: [],
    },
    { when: "what is wrong was so before", rule: { rule: "self.i > 3" }, value: { i: 1 }, old: { i: 1 }, want: [] },
    {
      when: "what is wrong changes to another wrong",
      rule: { rule: "self.i > 3" },
      value: { i: 2 },
      old: { i: 1 },
      want: ["spec: Invalid value: failed rule: self.i > 3"],
    },
  ])("when $when", ({ rule, value, old, want }) => expect(failures(rule, value, old)).toEqual(want));

  const item = (listType: "map" | "atomic"): Schema =>
    resource({
      type: "object",
      properties: {
        disks: {
          type: "array",
          "x-kubernetes-list-type": listType,
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            properties: { name: string, size: integer },
            "x-kubernetes-validations": [{ rule: "self.size >= oldSelf.size", message: "cannot shrink" }],
          },
        },
      },
    });
  const disks = (...sizes: [string, number][]): JsonValue => ({
    spec: { disks: sizes.map(([name, size]) => ({ name, size })) },
  });

  test("items of a list of type map are told apart by their keys", () => {
    const errors = evaluateRules(item("map"), disks(["b", 1], ["a", 5]), disks(["a", 4], ["b", 2]));
    expect(errors).toMatchObject([{ field: "spec.disks[0]", message: "Invalid value: cannot shrink" }]);
  });

  test("items of an atomic list have no predecessor", () =>
    expect(evaluateRules(item("atomic"), disks(["a", 1]), disks(["a", 4]))).toEqual([]));
});

describe("hostile objects", () => {
  test("run out of budget instead of time", () => {
    const list = Array.from({ length: 5_000 }, (_, i) => i);
    const found = failures("self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))", { list });
    expect(found).toEqual([expect.stringContaining("running out of cost budget")]);
  });

  test("are refused when nested too deeply", () => {
    const deep = Array.from({ length: 100_000 }).reduce<JsonValue>((inner) => [inner], 1);
    expect(failures("true", deep)).toEqual(["<nil>: Invalid value: must not be nested deeper than 200 levels"]);
  });
});
