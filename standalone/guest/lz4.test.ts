import { expect, test } from "@jest/globals";
import { decompressLegacyLz4 } from "./lz4.ts";

/** Blocks written by hand after the format's description. */
const packed = (...blocks: number[][]): Buffer =>
  Buffer.concat([
    Buffer.from([0x02, 0x21, 0x4c, 0x18]),
    ...blocks.map((block) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(block.length);
      return Buffer.concat([length, Buffer.from(block)]);
    }),
  ]);
const letters = (text: string): number[] => [...Buffer.from(text)];

test.each([
  { when: "literals only", blocks: [[0x30, ...letters("abc")]], want: "abc" },
  { when: "a match", blocks: [[0x42, ...letters("abcd"), 4, 0, 0x10, ...letters("!")]], want: "abcdabcdab!" },
  { when: "a match over itself", blocks: [[0x13, ...letters("x"), 1, 0, 0x10, ...letters("y")]], want: "xxxxxxxxy" },
  {
    when: "long literals",
    blocks: [[0xf0, 5, ...letters("abcdefghijklmnopqrst")]],
    want: "abcdefghijklmnopqrst",
  },
  {
    when: "a long match",
    blocks: [[0x1f, ...letters("z"), 1, 0, 1, 0x10, ...letters("!")]],
    want: `${"z".repeat(21)}!`,
  },
  {
    when: "several blocks",
    blocks: [
      [0x20, ...letters("ab")],
      [0x20, ...letters("cd")],
    ],
    want: "abcd",
  },
])("unpacks $when", ({ blocks, want }) => {
  expect(decompressLegacyLz4(packed(...blocks), want.length).toString()).toBe(want);
});

test.each([
  { when: "something else", data: Buffer.from("gzip, say"), says: "no legacy LZ4" },
  { when: "too little", data: packed([0x10, 97]), says: "expected 9 bytes, found 1" },
  { when: "a match before the beginning", data: packed([0x10, 97, 9, 0]), says: "before the beginning" },
])("refuses $when", ({ data, says }) => {
  expect(() => decompressLegacyLz4(data, 9)).toThrow(says);
});
