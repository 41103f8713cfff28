// What simulated processes log: lines of the trace, and what a run has to look into.
import type { Log } from "../../../functions/runtime/log.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";

export interface LogEntry {
  process: string;
  level: "info" | "warn" | "error";
  sentence: string;
  err: unknown;
}

export type OnLog = (entry: LogEntry) => void;

export function logOf(process: SimulatedProcess, onLog: OnLog): Log {
  const write =
    (level: LogEntry["level"]) =>
    (fields: { err?: unknown }, sentence = ""): void => {
      process.note(() => `${level}: ${sentence} ${detail(fields)}`);
      onLog({ process: process.name, level, sentence, err: fields.err });
    };
  return { debug: () => undefined, info: write("info"), warn: write("warn"), error: write("error") } as Log;
}

const detail = ({ err, ...fields }: { err?: unknown }): string =>
  JSON.stringify({ ...fields, ...(err instanceof Error && { err: err.message }) });
