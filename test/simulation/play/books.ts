// What is kept of the writes of a run: how many, a digest of all, and what still changes.
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";

export interface Books {
  /** Those that the API server took. */
  readonly writes: number;
  /** Since the world began: when something changed last. */
  readonly changedMs: number;
  /** The same for the same writes at the same times. */
  readonly digest: string;
  take(write: Write, atMs: number): void;
  /** Who changed what since then, most often first. */
  changesSince(atMs: number): string[];
}

/** A node says that it lives, and everything else that is told of it. */
const heartbeats = new Set(["Node", "Lease"]);
const kept = 2_000;

export function openBooks(): Books {
  let [writes, changedMs, hash] = [0, 0, 0x811c9dc5];
  let recent: { atMs: number; text: string }[] = [];
  const mix = (text: string): void => {
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  };
  return {
    get writes() {
      return writes;
    },
    get changedMs() {
      return changedMs;
    },
    get digest() {
      return (hash >>> 0).toString(16).padStart(8, "0");
    },
    take: (write, atMs) => {
      const { user, verb, kind, key, before, after } = write;
      writes += 1;
      mix(`${atMs} ${user} ${verb} ${kind} ${key.name} ${after?.metadata.resourceVersion}`);
      if (before === after || heartbeats.has(kind)) return;
      changedMs = atMs;
      recent.push({ atMs, text: textOf(write) });
      if (recent.length > 2 * kept) recent = recent.slice(-kept);
    },
    changesSince: (sinceMs) => {
      const times = new Map<string, number>();
      for (const { atMs, text } of recent) if (atMs > sinceMs) times.set(text, (times.get(text) ?? 0) + 1);
      const sorted = [...times].toSorted(([, a], [, b]) => b - a);
      return sorted.map(([text, count]) => (count > 1 ? `${text} (${count} times)` : text));
    },
  };
}

const textOf = ({ user, verb, subresource, kind, key, after }: Write): string =>
  `${user} ${after ? verb : "removed"} ${kind}${subresource ? `/${subresource}` : ""} ${keyText(kind === "Event" ? { name: "" } : key)}`;
