// A process of the simulated world: it may die or stand still between any two things it does, and its clock may jump.
import type { Client, Clock } from "@knvirt/kubernetes";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";

export interface SimulatedProcess {
  readonly name: string;
  /** As which the API server knows it. */
  readonly user: string;
  readonly isAlive: boolean;
  readonly isFrozen: boolean;
  /** All that waits by it ends with the process, untold. */
  readonly clock: Clock;
  readonly client: Client;
  readonly random: Random;
  /** A line of the trace. */
  note(text: string | (() => string)): void;
  /** Something reaches it from outside after so long: not when it is dead by then, and later when it stands still. */
  reach(afterMs: number, happen: () => void): () => void;
  /** For what has to notice from outside that it has ended. */
  onEnd(end: () => void): void;
  kill(): void;
  freeze(): void;
  thaw(): void;
  /** Its wall clock is set: forward, or back when negative. */
  jump(milliseconds: number): void;
}

export interface Birth {
  name: string;
  user: string;
  timeline: Timeline;
  trace: Trace;
  random: Random;
  connect(process: SimulatedProcess): Client;
}

/** When the world begins, as its clocks have it. */
export const beginning = Date.parse("2026-01-02T12:00:00Z");
/** Node's timers know no longer wait; they take it for one of a millisecond. */
const longestTimerMs = 2_147_483_647;

export function simulatedProcess(birth: Birth): SimulatedProcess {
  const { name, user, timeline, trace, random } = birth;
  const life = lifeOf(timeline);
  const ends: (() => void)[] = [];
  let offsetMs = 0;
  const { reach } = life;
  const born: Omit<SimulatedProcess, "client"> = {
    ...{ name, user, random, reach },
    get isAlive() {
      return life.isAlive;
    },
    get isFrozen() {
      return life.isFrozen;
    },
    clock: {
      now: () => new Date(beginning + timeline.nowMs + offsetMs),
      elapsedMs: () => timeline.nowMs,
      after: (milliseconds, run) =>
        reach(milliseconds >= 1 && milliseconds <= longestTimerMs ? milliseconds : 1, run),
    },
    note: (text) => trace.add(name, text),
    onEnd: (end) => void ends.push(end),
    kill: () => {
      if (!life.isAlive) return;
      life.end();
      trace.add(name, "dies");
      for (const end of ends) end();
    },
    freeze: life.freeze,
    thaw: life.thaw,
    jump: (milliseconds) => {
      offsetMs += milliseconds;
    },
  };
  const client = birth.connect(born as SimulatedProcess);
  return Object.defineProperty(born, "client", { value: client }) as SimulatedProcess;
}

interface Life extends Pick<SimulatedProcess, "reach" | "freeze" | "thaw"> {
  readonly isAlive: boolean;
  readonly isFrozen: boolean;
  end(): void;
}

/** What reaches a process that stands still is held until it goes on. */
function lifeOf(timeline: Timeline): Life {
  let [isAlive, isFrozen] = [true, false];
  let held: (() => void)[] = [];
  const happenHere = (happen: () => void): void => {
    if (!isAlive) return;
    if (isFrozen) held.push(happen);
    else happen();
  };
  const reach: Life["reach"] = (afterMs, happen) => {
    let isCalledOff = false;
    const callOff = timeline.after(afterMs, () => happenHere(() => !isCalledOff && happen()));
    return () => {
      isCalledOff = true;
      callOff();
    };
  };
  return {
    get isAlive() {
      return isAlive;
    },
    get isFrozen() {
      return isFrozen;
    },
    reach,
    end: () => {
      isAlive = false;
      held = [];
    },
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
      const late = held;
      held = [];
      // In the order in which it came: a thousandth of a millisecond keeps one from the next.
      for (const [index, happen] of late.entries()) reach(index / 1_000, happen);
    },
  };
}
