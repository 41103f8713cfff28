import { describe, expect, test } from "@jest/globals";
import { reader, writer, written, XdrError } from "./octets.ts";
import * as xdr from "./xdr.ts";

const encode = <T>(codec: xdr.Codec<T>, value: T): string => {
  const output = writer();
  codec.write(output, value);
  return written(output).toString("hex");
};
const decode = <T>(codec: xdr.Codec<T>, hex: string): T => xdr.decode(codec, reader(Buffer.from(hex, "hex")));

interface Case {
  when: string;
  codec: xdr.Codec<unknown>;
  value: unknown;
  hex: string;
}
const pair = xdr.struct({ left: xdr.int32, right: xdr.optional(xdr.string) });

const cases: Case[] = [
  { when: "a negative int", codec: xdr.int32, value: -2, hex: "fffffffe" },
  { when: "the largest unsigned int", codec: xdr.uint32, value: 4294967295, hex: "ffffffff" },
  { when: "a negative hyper", codec: xdr.int64, value: -1n, hex: "ffffffffffffffff" },
  { when: "a hyper beyond 2^53", codec: xdr.uint64, value: 2n ** 63n, hex: "8000000000000000" },
  { when: "a double", codec: xdr.double, value: 1.5, hex: "3ff8000000000000" },
  { when: "an unsigned char in four bytes", codec: xdr.uint8, value: 255, hex: "000000ff" },
  { when: "a string with padding", codec: xdr.string, value: "aé", hex: "0000000361c3a900" },
  { when: "an empty string", codec: xdr.string, value: "", hex: "00000000" },
  { when: "bytes with padding", codec: xdr.bytes, value: Buffer.from([1, 2]), hex: "0000000201020000" },
  { when: "a fixed array of characters", codec: xdr.characters(3), value: "é", hex: "ffffffe90000000000000000" },
  { when: "no optional", codec: xdr.optional(xdr.int32), value: undefined, hex: "00000000" },
  { when: "an optional", codec: xdr.optional(xdr.int32), value: 5, hex: "0000000100000005" },
  { when: "an array", codec: xdr.array(xdr.int32), value: [1, 2], hex: "000000020000000100000002" },
  { when: "a struct in its order", codec: pair, value: { left: 1, right: undefined }, hex: "0000000100000000" },
  {
    when: "a UUID",
    codec: xdr.uuid,
    value: "6695eb01-f6a4-8304-79aa-97f2502e193f",
    hex: "6695eb01f6a4830479aa97f2502e193f",
  },
];

describe("on the wire", () => {
  test.each(cases)("$when is written", ({ codec, value, hex }) => expect(encode(codec, value)).toBe(hex));
  test.each(cases)("$when is read", ({ codec, value, hex }) => expect(decode(codec, hex)).toEqual(value));
});

test.each([
  { when: "an int that is cut off", codec: xdr.int32, hex: "0000", want: "2 bytes are left, 4 are needed" },
  {
    when: "a string longer than its payload",
    codec: xdr.string,
    hex: "0000000561",
    want: "1 bytes are left, 8 are needed",
  },
  {
    when: "a string of almost 4 GiB",
    codec: xdr.string,
    hex: "ffffffff",
    want: "0 bytes are left, 4294967296 are needed",
  },
  {
    when: "bytes longer than their payload",
    codec: xdr.bytes,
    hex: "0000000900000000",
    want: "4 bytes are left, 12 are",
  },
  {
    when: "an array's lie",
    codec: xdr.array(pair),
    hex: "0000000300000000",
    want: "array claims 3 items in 4 bytes",
  },
  {
    when: "a presence of 2",
    codec: xdr.optional(xdr.int32),
    hex: "00000002",
    want: "optional i32 is 2, expected 0 or 1",
  },
  { when: "an unsigned char of 256", codec: xdr.uint8, hex: "00000100", want: "uchar is out of range: 256" },
  { when: "what is left over", codec: xdr.int32, hex: "0000000100", want: "1 bytes are left over" },
])("$when is refused", ({ codec, hex, want }) => {
  const act = (): unknown => decode<unknown>(codec, hex);
  expect(act).toThrow(XdrError);
  expect(act).toThrow(want);
});

test.each([
  { when: "a NUL in a string", codec: xdr.string, value: "a\0b", want: "string holds a NUL character" },
  { when: "a UUID that is none", codec: xdr.uuid, value: "12", want: 'not a UUID: "12"' },
  { when: "an int out of range", codec: xdr.int32, value: 2 ** 31, want: "out of range" },
  { when: "an unsigned short out of range", codec: xdr.uint16, value: 65536, want: "ushort is out of range: 65536" },
  { when: "too many characters", codec: xdr.characters(3), value: "abc", want: "string is too long: 3 characters" },
] as { when: string; codec: xdr.Codec<unknown>; value: unknown; want: string }[])(
  "$when is not sent",
  ({ codec, value, want }) => expect(() => encode(codec, value)).toThrow(want),
);

test("bytes outlive the buffer they were read from", () => {
  const buffer = Buffer.from("0000000401020304", "hex");
  const value = xdr.decode(xdr.bytes, reader(buffer));
  buffer.fill(0);
  expect([...value]).toEqual([1, 2, 3, 4]);
});

test("padding carries nothing of what the buffer held before", () => {
  const output = { buffer: Buffer.alloc(16, 0xff), at: 0 };
  xdr.string.write(output, "a");
  expect(written(output).toString("hex")).toBe("0000000161000000");
});

test("a value longer than the first buffer is written whole", () => {
  const long = "x".repeat(5000);
  expect(decode(xdr.array(xdr.string), encode(xdr.array(xdr.string), [long, long]))).toEqual([long, long]);
});
