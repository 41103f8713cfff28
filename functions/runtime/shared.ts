// Work that is asked for while it runs is done once more afterwards, for all who asked meanwhile.

export function shared<Subject extends object, Result>(
  work: (subject: Subject) => Promise<Result>,
): (subject: Subject) => Promise<Result> {
  const entries = new Map<Subject, { current: Promise<Result>; next?: Promise<Result> }>();
  const begin = (subject: Subject): Promise<Result> => {
    const current = work(subject).finally(() => {
      if (entries.get(subject) === entry && !entry.next) entries.delete(subject);
    });
    const entry: { current: Promise<Result>; next?: Promise<Result> } = { current };
    entries.set(subject, entry);
    return current;
  };
  return (subject) => {
    const entry = entries.get(subject);
    if (!entry) return begin(subject);
    const follow = () => begin(subject);
    entry.next ??= entry.current.then(follow, follow);
    return entry.next;
  };
}
