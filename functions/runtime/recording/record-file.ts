// Records in two files that take turns: when the younger is full it becomes the older, and what that held is lost.
import { constants } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";

interface RecordFile {
  /** Never throws and never waits. */
  write(line: string): void;
  /** Resolves when all is written that can be. */
  close(): Promise<void>;
}

export interface RecordFileOptions {
  path: string;
  /** Of both files together. */
  limitBytes: number;
  /** Told of the first failure. Later records are tried all the same: whoever makes room has them again. */
  onTrouble(error: unknown): void;
}

/** What waits for a disk that stands still; more is lost. */
const mostWaitingBytes = 8 * 2 ** 20;

export const olderOf = (path: string): string => `${path}.1`;

export function openRecordFile({ path, limitBytes, onTrouble }: RecordFileOptions): RecordFile {
  const file = turns(path, limitBytes / 2);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  let isTold = false;
  const trouble = (error: unknown): void => {
    if (!isTold) onTrouble(error);
    isTold = true;
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      waitingBytes = 0;
      await file.append(lines).catch(trouble);
    }
    writing = undefined;
  };
  return {
    write: (line) => {
      if (waitingBytes > mostWaitingBytes) return trouble(new Error(`${path} is written slower than records come`));
      waiting.push(line);
      waitingBytes += line.length;
      writing ??= drain();
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

interface Opened {
  handle: FileHandle;
  size: number;
}

/** One of the two files is open, unless the last write failed. */
function turns(path: string, limitBytes: number) {
  let opened: Opened | undefined;
  const close = async (): Promise<void> => {
    const { handle } = opened ?? {};
    opened = undefined;
    await handle?.close();
  };
  const write = async (text: Buffer): Promise<void> => {
    opened ??= await openToAppend(path);
    if (opened.size > 0 && opened.size + text.length > limitBytes) {
      await close();
      await rename(path, olderOf(path));
      opened = await openToAppend(path);
    }
    await opened.handle.appendFile(text);
    opened.size += text.length;
  };
  return {
    close,
    /** What fits into a file goes there in one write. */
    append: async (lines: string[]): Promise<void> => {
      try {
        for (const text of portions(lines, limitBytes)) await write(text);
      } catch (error) {
        await close().catch(() => undefined); // the first failure says more
        throw error;
      }
    },
  };
}

/** No larger than a quarter of a file, or a line each. */
function* portions(lines: string[], limitBytes: number): Generator<Buffer> {
  let portion = "";
  for (const line of lines) {
    if (portion.length + line.length > limitBytes / 4 && portion) {
      yield Buffer.from(portion);
      portion = "";
    }
    portion += `${line}\n`;
  }
  yield Buffer.from(portion);
}

/** Ours alone, at no link's end, and nothing that would keep a writer waiting. */
async function openToAppend(path: string): Promise<Opened> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
  const handle = await open(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_WRONLY, 0o600);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${path} is no file`);
    await handle.chmod(0o600);
    // Half of a line may be left of a process that died, or of a disk that was full.
    if (stats.size > 0) await handle.appendFile("\n");
    return { handle, size: stats.size + Number(stats.size > 0) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
