// What waits for the sink: a line for each guest. Guests take turns, so that none waits behind all that another has to
// say, and where room runs out the one with the longest line gives it.

export interface Waiting {
  podUid: string;
}

export interface Turns<Letter extends Waiting> {
  readonly size: number;
  add(letter: Letter): void;
  /** The oldest of the guest whose turn it is; undefined when nothing waits. */
  next(): Letter | undefined;
  /** Takes out the oldest of the longest line. */
  drop(): Letter | undefined;
}

export function turns<Letter extends Waiting>(): Turns<Letter> {
  /** In the order of their turns; none is empty. */
  const lines = new Map<string, Letter[]>();
  const take = (podUid: string, line: Letter[]): Letter | undefined => {
    const letter = line.shift();
    if (line.length === 0) lines.delete(podUid);
    return letter;
  };
  return {
    get size() {
      return [...lines.values()].reduce((sum, line) => sum + line.length, 0);
    },
    add: (letter) => {
      const line = lines.get(letter.podUid);
      if (line) line.push(letter);
      else lines.set(letter.podUid, [letter]);
    },
    next: () => {
      const [first] = lines;
      if (!first) return undefined;
      const [podUid, line] = first;
      const letter = take(podUid, line);
      if (lines.delete(podUid)) lines.set(podUid, line); // its next turn comes after everybody's
      return letter;
    },
    drop: () => {
      const longest = [...lines].reduce((one, other) => (other[1].length > one[1].length ? other : one), ["", []]);
      return take(...longest);
    },
  };
}
