// Work on a subject that is asked for while it runs is done once more afterwards, for all who asked meanwhile.

export interface Shared<Subject, Result> {
  ask(subject: Subject): Promise<Result>;
  isBusy(subject: Subject): boolean;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
}

interface Entry<Result> {
  current: Promise<Result>;
  next?: Promise<Result>;
}

/** Subjects of the same id are the same. */
export function shared<Subject, Result>(
  work: (subject: Subject) => Promise<Result>,
  idOf: (subject: Subject) => string,
): Shared<Subject, Result> {
  const entries = new Map<string, Entry<Result>>();
  const begin = (subject: Subject): Promise<Result> => {
    const id = idOf(subject);
    const current = work(subject).finally(() => {
      if (entries.get(id) === entry && !entry.next) entries.delete(id);
    });
    const entry: Entry<Result> = { current };
    entries.set(id, entry);
    return current;
  };
  return {
    ask: (subject) => {
      const entry = entries.get(idOf(subject));
      if (!entry) return begin(subject);
      const follow = () => begin(subject);
      entry.next ??= entry.current.then(follow, follow);
      return entry.next;
    },
    isBusy: (subject) => entries.has(idOf(subject)),
    settled: async () => {
      while (entries.size > 0)
        await Promise.allSettled([...entries.values()].map(({ current, next }) => next ?? current));
    },
  };
}
