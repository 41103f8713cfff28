// Name-based UUIDs (RFC 9562, version 5): the same name gives the same UUID. Pure, so that pure functions may use it.

/** Throws when the namespace is no UUID. */
export function uuidV5(namespace: string, name: string): string {
  const digits = namespace
    .replaceAll("-", "")
    .match(/^(?:[0-9a-fA-F]{2}){16}$/)?.[0]
    .match(/../g);
  if (!digits) throw new Error(`namespace ${JSON.stringify(namespace)} is no UUID`);
  const bytes = digits.map((pair) => Number.parseInt(pair, 16));
  const digest = sha1(Uint8Array.from([...bytes, ...new TextEncoder().encode(name)])).slice(0, 16);
  const marked = digest.map((byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x50;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const rotate = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;

/** FIPS 180-4. Here it only spreads names evenly; it protects nothing. */
export function sha1(message: Uint8Array): Uint8Array {
  const blocks = padded(message);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < blocks.byteLength; at += 64) {
    const added = compress(state, new DataView(blocks.buffer, at, 64));
    for (const [index, word] of added.entries()) state[index] = ((state[index] ?? 0) + word) >>> 0;
  }
  const digest = new DataView(new ArrayBuffer(20));
  for (const [index, word] of state.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

/** A one bit, zeros, and the length in bits, up to a multiple of 64 bytes. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array((Math.floor((message.length + 8) / 64) + 1) * 64);
  blocks.set(message);
  blocks[message.length] = 0x80;
  new DataView(blocks.buffer).setBigUint64(blocks.length - 8, BigInt(message.length) * 8n);
  return blocks;
}

/** Choice, parity, majority, parity: one function of the state and one constant for each quarter of the rounds. */
const quarters: { mix: (b: number, c: number, d: number) => number; constant: number }[] = [
  { mix: (b, c, d) => (b & c) | (~b & d), constant: 0x5a827999 },
  { mix: (b, c, d) => b ^ c ^ d, constant: 0x6ed9eba1 },
  { mix: (b, c, d) => (b & c) | (b & d) | (c & d), constant: 0x8f1bbcdc },
  { mix: (b, c, d) => b ^ c ^ d, constant: 0xca62c1d6 },
];

function compress(state: readonly number[], block: DataView): number[] {
  const words: number[] = Array.from({ length: 16 }, (_, index) => block.getUint32(index * 4));
  const word = (index: number): number => words[index] ?? 0;
  for (let i = 16; i < 80; i++) words.push(rotate(word(i - 3) ^ word(i - 8) ^ word(i - 14) ^ word(i - 16), 1));
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (const [index, { mix, constant }] of quarters.entries())
    for (let round = index * 20; round < index * 20 + 20; round++) {
      const next = (rotate(a, 5) + mix(b, c, d) + e + constant + word(round)) >>> 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
  return [a, b, c, d, e];
}
