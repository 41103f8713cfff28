// What must survive a restart of this process, in one file.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** What the guest is told by DHCP. */
  lease?: Lease;
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
  return {
    get record() {
      return record;
    },
    update: (change) => {
      record = { ...record, ...change };
      // One after the other, each with all that is known by then; a failed one does not keep the next from trying.
      written = written.catch(() => undefined).then(() => write(file, record));
      return written;
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
