// ASN.1 values as DER bytes (X.690): as much of it as a certificate has.

const tags = { integer: 0x02, bitString: 0x03, octetString: 0x04, objectIdentifier: 0x06, utf8String: 0x0c };
const times = { utcTime: 0x17, generalizedTime: 0x18 };
const constructed = { sequence: 0x30, set: 0x31 };
const contextTag = { primitive: 0x80, constructed: 0xa0 };

export function tlv(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

/** One byte up to 127; beyond, the number of bytes and then these. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = bytesOf(length);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** Most significant first, none of them superfluous. */
function bytesOf(value: number): number[] {
  return value < 0x100 ? [value] : [...bytesOf(Math.floor(value / 0x100)), value % 0x100];
}

export const sequence = (...items: Buffer[]): Buffer => tlv(constructed.sequence, Buffer.concat(items));
export const set = (...items: Buffer[]): Buffer => tlv(constructed.set, Buffer.concat(items));
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const octetString = (content: Buffer): Buffer => tlv(tags.octetString, content);
export const utf8String = (text: string): Buffer => tlv(tags.utf8String, Buffer.from(text, "utf8"));

/** A value of the field with this number, in place of its own tag. */
export const implicit = (field: number, content: Buffer): Buffer => tlv(contextTag.primitive | field, content);
/** A whole value, or several, within the field with this number. */
export const explicit = (field: number, content: Buffer): Buffer => tlv(contextTag.constructed | field, content);

export const isSequence = (value: Buffer): boolean => value[0] === constructed.sequence;
/** Is what `explicit` makes. */
export const isField =
  (field: number) =>
  (value: Buffer): boolean =>
    value[0] === (contextTag.constructed | field);

export function contentOf(value: Buffer): Buffer {
  const { start, end } = extentOf(value);
  return value.subarray(start, end);
}

/** The values that one is made of. What is no DER is not noticed. */
export function itemsOf(value: Buffer): Buffer[] {
  const items: Buffer[] = [];
  for (let rest = contentOf(value); rest.length > 0; rest = rest.subarray(extentOf(rest).end))
    items.push(rest.subarray(0, extentOf(rest).end));
  return items;
}

/** Where the content of the first value begins and ends. */
function extentOf(bytes: Buffer): { start: number; end: number } {
  const first = bytes.readUInt8(1);
  if (first < 0x80) return { start: 2, end: 2 + first };
  const start = 2 + (first & 0x7f);
  return { start, end: start + bytes.readUIntBE(2, first & 0x7f) };
}

/** Not negative. A first bit that is set would read as a sign. */
export function integer(magnitude: Buffer): Buffer {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const bytes = start < 0 ? Buffer.from([0]) : magnitude.subarray(start);
  return tlv(tags.integer, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** `unusedBits` of the last byte do not count. */
export const bitString = (content: Buffer, unusedBits = 0): Buffer =>
  tlv(tags.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));

/** From the dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tlv(tags.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const groups = [arc % 0x80];
  for (let rest = Math.floor(arc / 0x80); rest > 0; rest = Math.floor(rest / 0x80))
    groups.unshift((rest % 0x80) | 0x80);
  return groups;
}

/** To the second. RFC 5280 wants two digits for years up to 2049, and four afterwards. */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  return at.getUTCFullYear() < 2050
    ? tlv(times.utcTime, Buffer.from(digits.slice(2)))
    : tlv(times.generalizedTime, Buffer.from(digits));
}
