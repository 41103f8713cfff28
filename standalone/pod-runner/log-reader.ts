// The output of a container, as `kubectl logs` asks for it. conmon writes the kubelet's format:
// <time> <stdout|stderr> <F|P> <text>, where P marks a line that goes on in the next record.
import { watch } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attemptDirectory, containerId, type Instance, podDirectory } from "./instance.ts";
import { absentIs } from "./observe.ts";

export interface LogOptions {
  tailLines?: number | undefined;
  sinceTime?: Date | undefined;
  timestamps?: boolean | undefined;
  /** Of the attempt before the present one. */
  previous?: boolean | undefined;
  /** Goes on until the container ends or the signal says so. */
  follow?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface LogSource {
  uid: string;
  container: string;
}

/** Yields pieces of text, line ends included. Undefined container or attempt: no output. */
export async function* readLog(
  instance: Instance,
  source: LogSource,
  options: LogOptions = {},
): AsyncGenerator<string> {
  const attempt = await findAttempt(instance, source, options.previous ?? false);
  if (attempt === undefined) return;
  const file = join(attemptDirectory(podDirectory(instance, source.uid), source.container, attempt), "log");
  const { records, end } = await completeRecords(file, 0);
  yield* present(records, options);
  if (!options.follow || options.previous) return;
  const exitFile = join(instance.exitsDir, containerId(source.uid, source.container, attempt));
  yield* follow({ file, exitFile, from: end, options });
}

async function findAttempt(instance: Instance, { uid, container }: LogSource, previous: boolean) {
  const attempts = await readdir(join(podDirectory(instance, uid), "containers", container)).catch(
    absentIs<string[]>([]),
  );
  return attempts
    .map(Number)
    .sort((one, other) => other - one)
    .at(previous ? 1 : 0);
}

function present(records: string[], { tailLines, sinceTime, timestamps = false }: LogOptions): string[] {
  const wanted = records.filter(
    (record) => !sinceTime || Date.parse(record.slice(0, record.indexOf(" "))) >= sinceTime.getTime(),
  );
  const texts = wanted.map((record) => logText(record, timestamps));
  if (tailLines === undefined) return texts;
  return tailLines === 0
    ? []
    : texts
        .join("")
        .split(/(?<=\n)/)
        .slice(-tailLines);
}

/** One record of the log as the text it stands for. */
export function logText(record: string, timestamps: boolean): string {
  const [, time = "", mark = "F", text = ""] = /^(\S+) \S+ ([FP]) ?(.*)$/s.exec(record) ?? ["", "", "F", record];
  return `${timestamps ? `${time} ` : ""}${text}${mark === "F" ? "\n" : ""}`;
}

interface Following {
  file: string;
  exitFile: string;
  from: number;
  options: LogOptions;
}

async function* follow({ file, exitFile, from, options }: Following): AsyncGenerator<string> {
  let reached = from;
  const events = changes(dirname(file), options.signal);
  try {
    while (!options.signal?.aborted) {
      const hasEnded = (await stat(exitFile).catch(absentIs(undefined))) !== undefined; // asked before the last reading
      const { records, end } = await completeRecords(file, reached);
      reached = end;
      yield* records.map((record) => logText(record, options.timestamps ?? false));
      if (hasEnded) return;
      await events.next();
    }
  } finally {
    events.stop();
  }
}

/** What was added since; the record being written just now is left for the next time. */
async function completeRecords(file: string, from: number): Promise<{ records: string[]; end: number }> {
  const log = await open(file).catch(absentIs(undefined));
  if (!log) return { records: [], end: from };
  try {
    const { size } = await log.stat();
    const start = size < from ? 0 : from; // smaller: the log was begun anew
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await log.read(buffer, 0, buffer.length, start);
    const complete = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1);
    return { records: complete.toString("utf8").split("\n").slice(0, -1), end: start + complete.length };
  } finally {
    await log.close();
  }
}

const newline = 10;

/** Waits for the next change in a directory, but no longer than a second: the end of a container is told elsewhere. */
function changes(directory: string, signal?: AbortSignal) {
  let hasChanged = false;
  let wake = (): void => undefined;
  const change = () => {
    hasChanged = true;
    wake();
  };
  const watcher = watch(directory, change);
  signal?.addEventListener("abort", change, { once: true });
  return {
    next: async () => {
      if (!hasChanged) await new Promise<void>((resolve) => onceOrLater(resolve, (it) => (wake = it)));
      hasChanged = false;
    },
    stop: () => watcher.close(),
  };
}

function onceOrLater(resolve: () => void, arm: (wake: () => void) => void): void {
  const timer = setTimeout(resolve, 1000);
  arm(() => {
    clearTimeout(timer);
    resolve();
  });
}
