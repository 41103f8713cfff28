// Codecs: XDR's wire types (RFC 4506) as values. A codec describes a type once; reading and writing follow from it.
import { type Reader, reserve, take, type Writer, XdrError } from "./octets.ts";

export interface Codec<T> {
  /** The type in words, as the test compares it with libvirt's own protocol files. */
  readonly kind: string;
  write(output: Writer, value: T): void;
  read(input: Reader): T;
}
export type Fields = Record<string, Codec<unknown>>;
export type Of<F extends Fields> = { [Name in keyof F]: F[Name] extends Codec<infer T> ? T : never };

export const int32: Codec<number> = {
  kind: "i32",
  write(output, value) {
    const at = reserve(output, 4);
    output.buffer.writeInt32BE(value, at);
  },
  read: (input) => input.buffer.readInt32BE(take(input, 4)),
};

export const uint32: Codec<number> = {
  kind: "u32",
  write(output, value) {
    const at = reserve(output, 4);
    output.buffer.writeUInt32BE(value, at);
  },
  read: (input) => input.buffer.readUInt32BE(take(input, 4)),
};

export const int64: Codec<bigint> = {
  kind: "i64",
  write(output, value) {
    const at = reserve(output, 8);
    output.buffer.writeBigInt64BE(value, at);
  },
  read: (input) => input.buffer.readBigInt64BE(take(input, 8)),
};

export const uint64: Codec<bigint> = {
  kind: "u64",
  write(output, value) {
    const at = reserve(output, 8);
    output.buffer.writeBigUInt64BE(value, at);
  },
  read: (input) => input.buffer.readBigUInt64BE(take(input, 8)),
};

export const double: Codec<number> = {
  kind: "double",
  write(output, value) {
    const at = reserve(output, 8);
    output.buffer.writeDoubleBE(value, at);
  },
  read: (input) => input.buffer.readDoubleBE(take(input, 8)),
};

/** C's small integers take four bytes on the wire; what does not fit their own range is refused. */
const small = (kind: string, low: number, high: number): Codec<number> => {
  const checked = (value: number): number => {
    if (value < low || value > high)
      throw new XdrError(`${kind} is out of range: ${value}, expected ${low} to ${high}`);
    return value;
  };
  return {
    kind,
    write: (output, value) => int32.write(output, checked(value)),
    read: (input) => checked(int32.read(input)),
  };
};
export const uint8 = small("uchar", 0, 255);
export const uint16 = small("ushort", 0, 65535);

export const string: Codec<string> = {
  kind: "str",
  write(output, value) {
    // libvirt's strings end at the first NUL: what follows would silently be lost there.
    if (value.includes("\0")) throw new XdrError(`string holds a NUL character: ${JSON.stringify(value)}`);
    const length = Buffer.byteLength(value);
    uint32.write(output, length);
    const at = reserve(output, padded(length));
    output.buffer.write(value, at, "utf8");
    output.buffer.fill(0, at + length, output.at);
  },
  read(input) {
    const length = uint32.read(input);
    const at = take(input, padded(length));
    return input.buffer.toString("utf8", at, at + length);
  },
};

export const bytes: Codec<Buffer> = {
  kind: "bytes",
  write(output, value) {
    uint32.write(output, value.length);
    const at = reserve(output, padded(value.length));
    output.buffer.set(value, at);
    output.buffer.fill(0, at + value.length, output.at);
  },
  read(input) {
    const length = uint32.read(input);
    const at = take(input, padded(length));
    return Buffer.from(input.buffer.subarray(at, at + length));
  },
};

const uuidPattern = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

export const uuid: Codec<string> = {
  kind: "opaque[16]",
  write(output, value) {
    if (!uuidPattern.test(value)) throw new XdrError(`not a UUID: ${JSON.stringify(value)}`);
    const at = reserve(output, 16);
    output.buffer.write(value.replaceAll("-", ""), at, "hex");
  },
  read(input) {
    const at = take(input, 16);
    return input.buffer.toString("hex", at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  },
};

/** A C string in an array of fixed size, one character in every four bytes. */
export const characters = (size: number): Codec<string> => ({
  kind: `char[${size}]`,
  write(output, value) {
    const text = Buffer.alloc(size);
    if (text.write(value, "latin1") < value.length || value.length >= size)
      throw new XdrError(`string is too long: ${value.length} characters, expected below ${size}`);
    for (const character of text) int32.write(output, (character << 24) >> 24); // C's char is signed
  },
  read(input) {
    const at = take(input, 4 * size);
    const text = Buffer.from(Array.from({ length: size }, (_, index) => input.buffer.readInt32BE(at + 4 * index)));
    return text.toString("latin1").split("\0", 1).join();
  },
});

export const optional = <T>(item: Codec<T>): Codec<T | undefined> => ({
  kind: `${item.kind}?`,
  write(output, value) {
    uint32.write(output, value === undefined ? 0 : 1);
    if (value !== undefined) item.write(output, value);
  },
  read(input) {
    const present = uint32.read(input);
    if (present > 1) throw new XdrError(`presence of an optional ${item.kind} is ${present}, expected 0 or 1`);
    return present ? item.read(input) : undefined;
  },
});

export const array = <T>(item: Codec<T>): Codec<T[]> => ({
  kind: `${item.kind}[]`,
  write(output, values) {
    uint32.write(output, values.length);
    for (const value of values) item.write(output, value);
  },
  read(input) {
    const count = uint32.read(input);
    // No item is smaller than four bytes, so a larger count is a lie: refused before anything is allocated for it.
    if (count * 4 > input.end - input.at)
      throw new XdrError(`array claims ${count} items in ${input.end - input.at} bytes`);
    const values: T[] = [];
    for (let index = 0; index < count; index++) values.push(item.read(input));
    return values;
  },
});

export function struct<F extends Fields>(fields: F): Codec<Of<F>> {
  const entries = Object.entries(fields);
  return {
    kind: `{${describe(fields)}}`,
    write(output, value) {
      for (const [name, codec] of entries) codec.write(output, value[name]);
    },
    read(input) {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(input);
      return value as Of<F>;
    },
  };
}

/** Reads a whole payload: bytes left over mean that both sides do not speak of the same thing. */
export function decode<T>(codec: Codec<T>, input: Reader): T {
  const value = codec.read(input);
  if (input.at !== input.end) throw new XdrError(`${input.end - input.at} bytes are left over`);
  return value;
}

const describe = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, { kind }]) => `${name}:${kind}`)
    .join(" ");

const padded = (length: number): number => Math.ceil(length / 4) * 4;
