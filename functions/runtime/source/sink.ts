// One group of functions as the source knows it: it is sent the changes that concern it, and swept.
import type { Clock } from "@knvirt/kubernetes";
import type { FunctionGroup } from "../../groups.ts";
import { keysConcerned } from "../definition.ts";
import type { ObjectChange } from "../event-source.ts";
import type { Log } from "../log.ts";
import { deliverEvent } from "./event-delivery.ts";
import { followUp, type SweepAnswer } from "./follow-up.ts";
import type { Line, OpenLine } from "./line.ts";

export interface SinkOptions {
  group: FunctionGroup;
  /** Closed with the sink. */
  line: OpenLine;
  /** For events. */
  newId(): string;
  log: Log;
  clock: Clock;
}

export interface Sink {
  take(change: ObjectChange): void;
  close(): void;
}

/** A pod may have to be started first, on a node that has yet to fetch its image. */
const answerWithinMs = 30_000;
/** As long as Knative lets a request last. */
const sweptWithinMs = 300_000;

/** Begins with a sweep: nobody was told what happened before. */
export function openSink({ group, line, newId, log, clock }: SinkOptions): Sink {
  const of = { group: group.name };
  const { noteChange, close } = followUp({
    sweep: () => sweep(line),
    onFailed: (err) => log.warn({ err, ...of }, "functions cannot be swept: tried again"),
    clock,
  });
  const dropped = ({ type, reference }: ObjectChange, err: unknown): void =>
    log.warn({ err, ...of, type, reference }, "change cannot be told: left to a sweep");
  const options = { line, sender: "knvirt.dev/source", newId, answerWithinMs, onDropped: dropped, clock };
  return {
    take: (change) => {
      if (!concerns(group, change)) return;
      noteChange();
      void deliverEvent(options, change);
    },
    close: () => {
      close();
      line.close();
    },
  };
}

const concerns = ({ definitions }: FunctionGroup, { reference }: ObjectChange): boolean =>
  definitions.some((definition) => {
    const keys = keysConcerned(definition, reference);
    return keys === "all" || keys.length > 0;
  });

async function sweep(line: Line): Promise<SweepAnswer> {
  const text = await line.post({ path: "/sweep", answerWithinMs: sweptWithinMs });
  const answer = JSON.parse(text) as Partial<SweepAnswer>;
  if (Number.isFinite(answer.failures) && Number.isFinite(answer.seconds)) return answer as SweepAnswer;
  throw new Error(
    `functions answered a sweep with ${JSON.stringify(text.slice(0, 100))}: expected its seconds and failures`,
  );
}
