// What processes cost a machine: memory as the proportional set size, which shares what is shared, and CPU time.
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

const ticksPerSecond = 100;

/** CPU time that a process has used, in user and kernel mode; 0 for one that has ended. */
export function cpuSecondsOf(pid: number): number {
  try {
    // The program's name, in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0;
  }
}
