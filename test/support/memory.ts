// Memory of processes as a machine pays for it: the proportional set size, which shares what is shared.
import { readFileSync } from "node:fs";

/** Bytes; 0 for a process that has ended. */
export function pssOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
