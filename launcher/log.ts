// The log: one JSON object per line on standard output, in the form of pino, which every other process of ours uses.
// pino itself would cost each VM 1.3 MiB.
import { writeSync } from "node:fs";

export type Log = Record<Level, (fields: object, message: string) => void>;

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;
type Level = keyof typeof levels;

const standardOutput = 1;

/** Written at once: what is said last matters most. */
export function createLog(
  fields: Record<string, string>,
  write: (line: string) => void = (line) => writeSync(standardOutput, line),
): Log {
  const least = levels[process.env.KNVIRT_LOG_LEVEL as Level] ?? levels.info;
  const at = (level: Level) => (more: object, msg: string) => {
    if (levels[level] < least) return;
    write(`${JSON.stringify({ level: levels[level], time: Date.now(), ...fields, ...more, msg }, readable)}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** An error's own properties are not enumerable: as it is, JSON shows nothing of it. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (!(value instanceof Error)) return value;
  return {
    type: value.name,
    message: value.message,
    stack: value.stack,
    ...(value.cause ? { cause: value.cause } : {}),
  };
}
