// Recording of decisions, where it is switched on. Whatever goes wrong with it, no function notices.
import { createHash } from "node:crypto";
import type { Clock } from "@knvirt/kubernetes";
import type { Log } from "../log.ts";
import type { Decision, OnDecision } from "./decision.ts";
import { type DecisionRecord, headerOf, type Omission, recordOf } from "./record.ts";
import { openRecordFile } from "./record-file.ts";
import type { RecordSettings } from "./settings.ts";
import { version } from "./version.ts";

export interface Recording {
  onDecision: OnDecision;
  close(): Promise<void>;
}

export interface RecordingOptions {
  log: Log;
  clock: Pick<Clock, "now">;
  /** Decides on the placeholders of what is hidden: nobody else may know it. */
  secret: Buffer;
}

/** An object has 1.5 MiB at most, and few come near. */
const largestRecord = 256 * 1024;

export function startRecording(settings: RecordSettings, { log, clock, secret }: RecordingOptions): Recording {
  const { write, close } = destinationOf(settings, log);
  const recording = createHash("sha256").update("recording").update(secret).digest("hex").slice(0, 12);
  let number = 0;
  let isTold = false;
  const record = (decision: Decision): void => {
    number += 1;
    const context = { knvirt: version, recording, number, at: clock.now().toISOString(), secret };
    const whole = recordOf(decision, context);
    const text = JSON.stringify(whole);
    const omission: Omission = { ...headerOf(decision, context), omittedBytes: text.length };
    if (text.length <= largestRecord) write(whole, text);
    else write(omission, JSON.stringify(omission));
  };
  return {
    onDecision: (decision) => {
      try {
        record(decision);
      } catch (err) {
        if (!isTold) log.warn({ err, function: decision.definition.name }, "decision cannot be recorded");
        isTold = true;
      }
    },
    close: () => close().catch(() => undefined),
  };
}

interface Destination {
  write(record: DecisionRecord | Omission, text: string): void;
  close(): Promise<void>;
}

function destinationOf(settings: RecordSettings, log: Log): Destination {
  if (settings.to === "log")
    return { write: (decision) => log.info({ decision }, "decision recorded"), close: async () => {} };
  const { path } = settings;
  const onTrouble = (err: unknown): void =>
    log.warn({ err, path }, "decisions are lost to the recording: each further one is tried, and this told once");
  const file = openRecordFile({ ...settings, onTrouble });
  return { write: (_record, text) => file.write(`{"decision":${text}}`), close: file.close };
}
