// The two ends of a byte sequence in XDR (RFC 4506): a writer that grows and a reader that never runs past its end.

/** Bytes that are not what the protocol says, on the way out or on the way in. */
export class XdrError extends Error {
  override readonly name = "XdrError";
}

/** A window into a buffer that may be reused after decoding: whatever outlives it must be copied. */
export interface Reader {
  readonly buffer: Buffer;
  at: number;
  readonly end: number;
}

export interface Writer {
  buffer: Buffer;
  at: number;
}

export const reader = (buffer: Buffer): Reader => ({ buffer, at: 0, end: buffer.length });

/** Starts behind room for a header. Most calls fit in the first allocation, which Node takes from its pool. */
export const writer = (headerLength = 0): Writer => ({ buffer: Buffer.allocUnsafe(512), at: headerLength });

export const written = (output: Writer): Buffer => output.buffer.subarray(0, output.at);

/** Claims the next bytes for reading and answers where they start. */
export function take(input: Reader, length: number): number {
  const at = input.at;
  if (length > input.end - at) throw new XdrError(`${input.end - at} bytes are left, ${length} are needed`);
  input.at = at + length;
  return at;
}

/** Claims the next bytes for writing and answers where they start. Their content is undefined until written. */
export function reserve(output: Writer, length: number): number {
  const at = output.at;
  const end = at + length;
  if (end > output.buffer.length) grow(output, end);
  output.at = end;
  return at;
}

function grow(output: Writer, needed: number): void {
  const larger = Buffer.allocUnsafe(Math.max(needed, output.buffer.length * 2));
  output.buffer.copy(larger, 0, 0, output.at);
  output.buffer = larger;
}
