// A clock that goes on when a test says so: waiting takes no time.
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@knvirt/kubernetes";

export interface ManualClock extends Clock {
  /** Lets so long pass: what falls due happens in order, and each time what follows from it. */
  pass(milliseconds: number): Promise<void>;
}

export function manualClock(start = new Date("2026-01-02T12:00:00Z")): ManualClock {
  const appointments = new Set<{ dueAt: number; run: () => void }>();
  let elapsed = 0;
  const next = () => [...appointments].toSorted((a, b) => a.dueAt - b.dueAt)[0];
  return {
    now: () => new Date(start.getTime() + elapsed),
    elapsedMs: () => elapsed,
    after: (milliseconds, run) => {
      const appointment = { dueAt: elapsed + milliseconds, run };
      appointments.add(appointment);
      return () => void appointments.delete(appointment);
    },
    pass: async (milliseconds) => {
      const end = elapsed + milliseconds;
      await setImmediate();
      for (let due = next(); due && due.dueAt <= end; due = next()) {
        appointments.delete(due);
        elapsed = due.dueAt;
        due.run();
        await setImmediate();
      }
      elapsed = end;
    },
  };
}
