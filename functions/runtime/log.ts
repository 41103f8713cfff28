// One JSON line for each thing worth knowing: a constant sentence, and fields.
import { type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

export const createLog = (level = "info", component = "functions"): Log =>
  pino({ level, base: { component }, timestamp: pino.stdTimeFunctions.isoTime });
