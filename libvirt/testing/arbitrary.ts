// Any value of a wire type, made from the type's own description.
import fc from "fast-check";

const text = fc.string({ unit: "grapheme", maxLength: 12 }).map((value) => value.replaceAll("\0", ""));
const uint = (limit: number): fc.Arbitrary<number> => fc.nat({ max: limit });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const double = fc.double({ noNaN: true }).map((value) => value + 0); // -0 is equal to 0 everywhere but in toEqual

const param = <V>(type: string, value: fc.Arbitrary<V>): fc.Arbitrary<unknown> =>
  fc.record({ type: fc.constant(type), value });

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  i32: fc.integer(),
  u32: uint(0xffffffff),
  i64: int64,
  u64: uint64,
  uchar: uint(255),
  ushort: uint(65535),
  str: text,
  bytes: fc.uint8Array().map((value) => Buffer.from(value)),
  "opaque[16]": fc.uuid(),
  "char[32]": fc.string({ maxLength: 31 }),
  "<i32|u32|i64|u64|double|i32|str>": fc.oneof(
    param("int", fc.integer()),
    param("uint", uint(0xffffffff)),
    param("llong", int64),
    param("ullong", uint64),
    param("double", double),
    param("boolean", fc.boolean()),
    param("string", text),
  ),
};

export function arbitrary(kind: string): fc.Arbitrary<unknown> {
  if (kind.endsWith("?")) return fc.option(arbitrary(kind.slice(0, -1)), { nil: undefined });
  if (kind.endsWith("[]")) return fc.array(arbitrary(kind.slice(0, -2)), { maxLength: 4 });
  if (kind.startsWith("{")) return fc.record(fields(kind.slice(1, -1)));
  const scalar = scalars[kind];
  if (!scalar) throw new Error(`no values are known of kind ${kind}`);
  return scalar;
}

/** "name:kind name:kind", where a kind may hold the same again in braces. */
function fields(text: string): Record<string, fc.Arbitrary<unknown>> {
  const found: Record<string, fc.Arbitrary<unknown>> = {};
  let rest = text;
  while (rest) {
    const colon = rest.indexOf(":");
    const end = kindEnd(rest, colon + 1);
    found[rest.slice(0, colon)] = arbitrary(rest.slice(colon + 1, end));
    rest = rest.slice(end + 1);
  }
  return found;
}

function kindEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}") depth--;
    if (text[at] === " " && depth === 0) return at;
  }
  return text.length;
}
