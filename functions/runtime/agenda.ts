// What is to be begun later: at most one appointment for each id, the newest.

export interface Agenda {
  set(id: string, seconds: number, begin: () => void): void;
  clear(id: string): void;
  has(id: string): boolean;
  /** Time of the last appointment, in milliseconds of `performance.now()`; undefined without any. */
  lastDue(): number | undefined;
  /** Nothing is begun any more. */
  close(): void;
}

export function createAgenda(): Agenda {
  const appointments = new Map<string, { timer: NodeJS.Timeout; dueAt: number }>();
  let isClosed = false;
  const clear = (id: string): void => {
    clearTimeout(appointments.get(id)?.timer);
    appointments.delete(id);
  };
  return {
    set: (id, seconds, begin) => {
      clear(id);
      if (isClosed) return;
      const timer = setTimeout(() => {
        clear(id);
        begin();
      }, seconds * 1000);
      appointments.set(id, { timer, dueAt: performance.now() + seconds * 1000 });
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
