// What has arrived and was not read yet, and how it ends.

export interface Inbox<Line> {
  put(line: Line): void;
  /** What arrived before is still read; then the reader ends, or fails. The first ending counts. */
  end(error?: Error): void;
  readonly isEnded: boolean;
  /** For one reader; `leave` is called when he goes before the end. */
  lines(leave: () => void): AsyncIterable<Line>;
}

export function inboxOf<Line>(): Inbox<Line> {
  const waiting: Line[] = [];
  let ending: { error?: Error | undefined } | undefined;
  let wake = (): void => undefined;
  const arrival = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const next = async (): Promise<IteratorResult<Line>> => {
    while (waiting.length === 0 && !ending) await arrival();
    if (waiting.length > 0) return { done: false, value: waiting.shift() as Line };
    if (ending?.error) throw ending.error;
    return { done: true, value: undefined };
  };
  return {
    put: (line) => {
      waiting.push(line);
      wake();
    },
    end: (error) => {
      ending ??= { error };
      wake();
    },
    get isEnded() {
      return ending !== undefined;
    },
    lines: (leave) => {
      const left = async (): Promise<IteratorResult<Line>> => {
        leave();
        return { done: true, value: undefined };
      };
      return { [Symbol.asyncIterator]: () => ({ next, return: left }) };
    },
  };
}
