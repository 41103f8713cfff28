// What is to be begun later: at most one appointment for each id, the newest.
import type { Clock } from "@knvirt/kubernetes";

export interface Agenda {
  set(id: string, seconds: number, begin: () => void): void;
  clear(id: string): void;
  has(id: string): boolean;
  /** Time of the last appointment, in milliseconds of the clock's `elapsedMs()`; undefined without any. */
  lastDue(): number | undefined;
  /** Nothing is begun any more. */
  close(): void;
}

export function createAgenda(clock: Clock): Agenda {
  const appointments = new Map<string, { callOff: () => void; dueAt: number }>();
  let isClosed = false;
  const clear = (id: string): void => {
    appointments.get(id)?.callOff();
    appointments.delete(id);
  };
  return {
    set: (id, seconds, begin) => {
      clear(id);
      if (isClosed) return;
      const dueAt = clock.elapsedMs() + seconds * 1000;
      const callOff = clock.after(seconds * 1000, () => {
        clear(id);
        begin();
      });
      appointments.set(id, { callOff, dueAt });
    },
    clear,
    has: (id) => appointments.has(id),
    lastDue: () => {
      const [first, ...others] = [...appointments.values()].map(({ dueAt }) => dueAt);
      return first === undefined ? undefined : others.reduce((last, dueAt) => Math.max(last, dueAt), first);
    },
    close: () => {
      isClosed = true;
      for (const id of appointments.keys()) clear(id);
    },
  };
}
