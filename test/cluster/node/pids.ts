// Which process of the host a number inside a node's pid namespace stands for.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Of the namespace of that process. */
export function pidsByNumberInside(member: number): Map<number, number> {
  const namespace = readlinkSync(`/proc/${member}/ns/pid`);
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.flatMap((pid) => numbersOf(pid, namespace)));
}

function numbersOf(pid: string, namespace: string): [number, number][] {
  try {
    if (readlinkSync(`/proc/${pid}/ns/pid`) !== namespace) return [];
    const numbers = /^NSpid:\t(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]?.split("\t") ?? [];
    return [[Number(numbers.at(-1)), Number(pid)]];
  } catch {
    return []; // it ended while we looked
  }
}
