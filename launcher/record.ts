// What must survive a restart of this process, in one file.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AccessCredential } from "@knvirt/api";
import type { DomainEvent } from "@knvirt/proto";
import type { Lease } from "./dhcp/options.ts";
import { ifThere } from "./if-there.ts";
import type { Paths } from "./paths.ts";

export interface LifeRecord {
  /** libvirt was about to be told to start the domain: from here on it may run. */
  startAsked?: boolean;
  /** When the guest's processors first ran. */
  startedAt?: string;
  /** That the guest is to end, and by when. */
  stop?: { graceSeconds: number; deadlineMs: number };
  /** The machine has no power button that the guest could be asked to end by: switching it off is how it ends in order. */
  isDeaf?: boolean;
  /** What the guest is told by DHCP. */
  lease?: Lease;
  /** What happened to the guest last. */
  events?: DomainEvent[];
  /** Whether its processors run, as those events tell; absent before they did. */
  activity?: "running" | "paused" | "ended";
  /** Whether the guest's agent has its end of the channel open, as those events tell. */
  hasAgent?: boolean;
  /** When the guest's file systems are thawed, if they are frozen for some time only; milliseconds since 1970. */
  thawAtMs?: number | undefined;
  /** What the guest's agent is to bring into it. */
  credentials?: AccessCredential[];
}

export interface Life {
  readonly record: LifeRecord;
  /** Answers when the change is on disk. */
  update(change: LifeRecord): Promise<void>;
}

export async function openLife({ private: directory }: Pick<Paths, "private">): Promise<Life> {
  const file = join(directory, "life.json");
  let record = await read(file);
  let written = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    get record() {
      return record;
    },
    update: (change) => {
      record = { ...record, ...change };
      // One after the other, each with all that is known by then; a failed one does not keep the next from trying.
      next ??= written
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return write(file, record);
        });
      written = next;
      return next;
    },
  };
}

async function read(file: string): Promise<LifeRecord> {
  const text = await ifThere(readFile(file, "utf8"));
  return text === undefined ? {} : (JSON.parse(text) as LifeRecord);
}

async function write(file: string, record: LifeRecord): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
