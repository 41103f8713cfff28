// What is there of a site, and when its guests were wished for and ran, by the writes that the API server took.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { Write } from "../api-server/index.ts";

export interface Books {
  take(write: Write, atMs: number): void;
  /** Objects that are there, of a kind. */
  there(kind: string): number;
  /** Guests that have started since the world began. */
  readonly starts: number;
  /** Milliseconds from the VM to phase Running, sorted, of those that started since the last time. */
  takeStartTimes(): number[];
}

export function openBooks(): Books {
  const counts = new Map<string, number>();
  const wished = new Map<string, number>();
  const times: number[] = [];
  let starts = 0;
  return {
    get starts() {
      return starts;
    },
    there: (kind) => counts.get(kind) ?? 0,
    takeStartTimes: () => times.splice(0).toSorted((one, other) => one - other),
    take: (write, atMs) => {
      const { kind, key, before, after } = write;
      counts.set(kind, (counts.get(kind) ?? 0) + Number(after !== undefined) - Number(before !== undefined));
      if (kind === "VirtualMachine" && !before) wished.set(key.name, atMs);
      if (!isStart(write)) return;
      starts += 1;
      times.push(atMs - (wished.get(key.name) ?? atMs));
    },
  };
}

const isStart = ({ kind, before, after }: Write): boolean =>
  kind === "VirtualMachineInstance" && phaseOf(after) === "Running" && phaseOf(before) !== "Running";

const phaseOf = (object: Write["after"]): string | undefined =>
  (object as VirtualMachineInstance | undefined)?.status?.phase;
