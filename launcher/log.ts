// The log: one JSON object per line on standard output.
import { type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Written at once: what is said last matters most. */
export const createLog = (fields: Record<string, string>): Log =>
  pino({ level: process.env.KNVIRT_LOG_LEVEL ?? "info", base: fields }, pino.destination({ fd: 1, sync: true }));
