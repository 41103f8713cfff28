// Virtual time: what will happen, one thing after the other. Nothing takes time but waiting.
import type { Random } from "./random.ts";

export interface Timeline {
  /** Since the world began. */
  readonly nowMs: number;
  /** Things that have happened. */
  readonly steps: number;
  /** Of things at the same time chance says which comes first. Answers how to call it off. */
  after(milliseconds: number, happen: () => void): () => void;
  /** When the next thing happens; undefined when nothing will any more. */
  readonly nextMs: number | undefined;
  /** The next thing happens, and all that follows from it without waiting. False when there was none. */
  step(): Promise<boolean>;
}

interface Due {
  atMs: number;
  order: number;
  happen: (() => void) | undefined;
}

export function timelineOf(random: Random): Timeline {
  const heap: Due[] = [];
  let [nowMs, steps] = [0, 0];
  const dropCalledOff = (): void => {
    while (heap[0] && !heap[0].happen) takeFirst(heap);
  };
  return {
    get nowMs() {
      return nowMs;
    },
    get steps() {
      return steps;
    },
    get nextMs() {
      dropCalledOff();
      return heap[0]?.atMs;
    },
    after: (milliseconds, happen) => {
      const due: Due = { atMs: nowMs + Math.max(0, milliseconds), order: random.below(0x7fffffff), happen };
      insert(heap, due);
      return () => {
        due.happen = undefined;
      };
    },
    step: async () => {
      dropCalledOff();
      const due = takeFirst(heap);
      if (!due) return false;
      nowMs = due.atMs;
      steps += 1;
      due.happen?.();
      await consequences();
      return true;
    },
  };
}

/** Promises go on until none has anything to do: there is no I/O that they could wait for. */
const consequences = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const isBefore = (a: Due, b: Due): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

function insert(heap: Due[], due: Due): void {
  let index = heap.push(due) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Due;
    if (!isBefore(due, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = due;
}

function takeFirst(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!last || first === last) return first;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    const right = heap[child + 1];
    if (right && isBefore(right, heap[child] as Due)) child += 1;
    const below = heap[child] as Due;
    if (!isBefore(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
  return first;
}
