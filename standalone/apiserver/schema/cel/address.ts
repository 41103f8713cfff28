// IP addresses and networks as numbers.
import { isIPv4, isIPv6 } from "node:net";

export interface Address {
  bits: 32 | 128;
  value: bigint;
}

export interface Cidr {
  address: Address;
  prefix: number;
}

/** Undefined when malformed. Zones and IPv4-mapped IPv6 addresses are refused, as in Kubernetes. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: fromGroups(text.split("."), { radix: 10, width: 8n }) };
  if (!isIPv6(text) || text.includes("%") || text.includes(".")) return undefined;
  const [head = "", tail] = text.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const gap = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  const value = fromGroups([...before, ...gap, ...after], { radix: 16, width: 16n });
  return value >> 32n === 0xffffn ? undefined : { bits: 128, value };
}

const fromGroups = (groups: string[], { radix, width }: { radix: number; width: bigint }): bigint =>
  groups.reduce((value, group) => (value << width) | BigInt(Number.parseInt(group, radix)), 0n);

/** Undefined when malformed. */
export function parseCidr(text: string): Cidr | undefined {
  const [, host = "", length = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(host);
  const prefix = Number(length);
  return address && prefix <= address.bits ? { address, prefix } : undefined;
}

export function prefixMatches({ address, prefix }: Cidr, other: Address): boolean {
  const rest = BigInt(address.bits - prefix);
  return address.bits === other.bits && address.value >> rest === other.value >> rest;
}

export function masked({ address, prefix }: Cidr): Cidr {
  const rest = BigInt(address.bits - prefix);
  return { address: { ...address, value: (address.value >> rest) << rest }, prefix };
}

/** The canonical spelling; for IPv6 that of RFC 5952. */
export function addressText({ bits, value }: Address): string {
  const width = bits === 32 ? 8n : 16n;
  const groups = Array.from({ length: bits / Number(width) }, (_, i) =>
    Number((value >> (BigInt(bits) - width * BigInt(i + 1))) & ((1n << width) - 1n)),
  );
  if (bits === 32) return groups.join(".");
  const text = groups.map((group) => group.toString(16)).join(":");
  const [longest] = [...text.matchAll(/\b0(:0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  if (!longest) return text;
  const before = text.slice(0, longest.index).replace(/:$/, "");
  return `${before}::${text.slice(longest.index + longest[0].length).replace(/^:/, "")}`;
}
