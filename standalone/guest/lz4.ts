// Decompresses the legacy LZ4 format that Linux kernels are packed in. Pure. Source: the LZ4 frame and block formats.

const legacyMagic = 0x184c2102;

/** `size` is known beforehand: the kernel writes it behind the compressed data. */
export function decompressLegacyLz4(packed: Buffer, size: number): Buffer {
  if (packed.readUInt32LE(0) !== legacyMagic) throw new Error("data is no legacy LZ4: it begins with other bytes");
  const output = Buffer.alloc(size);
  let written = 0;
  let at = 4;
  while (at + 4 <= packed.length && written < size) {
    const blockLength = packed.readUInt32LE(at);
    const block = packed.subarray(at + 4, at + 4 + blockLength);
    written = decompressBlock(block, output, written);
    at += 4 + blockLength;
  }
  if (written !== size) throw new Error(`LZ4 data is damaged: expected ${size} bytes, found ${written}`);
  return output;
}

/** A block is a row of sequences: some bytes as they are, then a piece of what was written before. */
function decompressBlock(block: Buffer, output: Buffer, start: number): number {
  const cursor = { at: 0 };
  let written = start;
  while (cursor.at < block.length) {
    const token = byteAt(block, cursor);
    const literals = fullLength(block, cursor, token >> 4);
    written += block.copy(output, written, cursor.at, cursor.at + literals);
    cursor.at += literals;
    if (cursor.at >= block.length) break; // the last sequence has no match
    const offset = byteAt(block, cursor) | (byteAt(block, cursor) << 8);
    const length = fullLength(block, cursor, token & 15) + shortestMatch;
    copyMatch(output, written, { offset, length });
    written += length;
  }
  return written;
}

const shortestMatch = 4;

const byteAt = (block: Buffer, cursor: { at: number }): number => block[cursor.at++] ?? 0;

/** Lengths of 15 and more go on in further bytes. */
function fullLength(block: Buffer, cursor: { at: number }, first: number): number {
  if (first < 15) return first;
  let length = first;
  let more = 255;
  while (more === 255) {
    more = byteAt(block, cursor);
    length += more;
  }
  return length;
}

/** A match may overlap what it makes: then it repeats itself, so it is copied in growing pieces. */
function copyMatch(output: Buffer, to: number, { offset, length }: { offset: number; length: number }): void {
  if (offset === 0 || offset > to) throw new Error("LZ4 data is damaged: a match reaches before the beginning");
  let copied = 0;
  while (copied < length) {
    const piece = Math.min(length - copied, offset + copied);
    output.copy(output, to + copied, to - offset, to - offset + piece);
    copied += piece;
  }
}
