// Recording as a process has it: by its environment, with a key of its own.
import { randomBytes } from "node:crypto";
import { systemClock } from "@knvirt/kubernetes";
import type { Log } from "../log.ts";
import { type Recording, startRecording } from "./recording.ts";
import { recordSettingsOf } from "./settings.ts";

const silencing = ["warn", "error", "fatal", "silent"];

/** Undefined where nothing is recorded. */
export function openRecording(env: NodeJS.ProcessEnv, log: Log): Recording | undefined {
  const settings = recordSettingsOf(env);
  if (!settings) return undefined;
  log.info(settings, "decisions are recorded");
  const level = env.LOG_LEVEL ?? "info";
  if (settings.to === "log" && silencing.includes(level))
    log.warn({ level }, "decisions are not recorded: they are told at level info, which LOG_LEVEL leaves out");
  return startRecording(settings, { log, clock: systemClock, secret: randomBytes(32) });
}
