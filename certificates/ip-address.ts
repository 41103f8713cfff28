// An IP address as the bytes that go over the wire: four, or sixteen.
import { isIPv4 } from "node:net";

/** `text` is an IP address: node:net's isIP says so. */
export function addressBytes(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  // The URL standard's way to write it has no embedded IPv4 address and no zone.
  const [, written = ""] = /^\[(.*)\]$/.exec(new URL(`http://[${text.replace(/%.*$/, "")}]`).hostname) ?? [];
  const [head = "", tail] = written.split("::");
  const [before, after] = [groupsOf(head), groupsOf(tail ?? "")];
  const gap = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Buffer.from([...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

const groupsOf = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
