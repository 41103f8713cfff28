// Objects in the order of their keys, in chunks: a write touches one chunk, and a snapshot shares all that is not written
// after it.
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";

interface Chunk {
  keys: string[];
  objects: KubernetesObject[];
  /** Part of a snapshot: copied before it is written to. */
  isShared: boolean;
}

export type Snapshot = readonly Chunk[];

export interface Sorted {
  readonly size: number;
  put(key: string, object: KubernetesObject): void;
  delete(key: string): void;
  /** Stays as it is, whatever is written. */
  snapshot(): Snapshot;
  /** What is there now, for reading at once. */
  readonly now: Snapshot;
}

const chunkSize = 256;

export function sorted(): Sorted {
  const chunks: Chunk[] = [];
  let size = 0;
  const writable = (at: number): Chunk => {
    const chunk = chunks[at] as Chunk;
    if (!chunk.isShared) return chunk;
    const copy = { keys: [...chunk.keys], objects: [...chunk.objects], isShared: false };
    chunks[at] = copy;
    return copy;
  };
  return {
    get size() {
      return size;
    },
    now: chunks,
    put: (key, object) => {
      if (chunks.length === 0) chunks.push({ keys: [], objects: [], isShared: false });
      const at = chunkOf(chunks, key);
      const chunk = writable(at);
      const place = placeOf(chunk.keys, key);
      if (chunk.keys[place] === key) {
        chunk.objects[place] = object;
        return;
      }
      chunk.keys.splice(place, 0, key);
      chunk.objects.splice(place, 0, object);
      size += 1;
      if (chunk.keys.length > 2 * chunkSize) chunks.splice(at + 1, 0, secondHalf(chunk));
    },
    delete: (key) => {
      if (chunks.length === 0) return;
      const at = chunkOf(chunks, key);
      const place = placeOf(chunks[at]?.keys ?? [], key);
      if (chunks[at]?.keys[place] !== key) return;
      const chunk = writable(at);
      chunk.keys.splice(place, 1);
      chunk.objects.splice(place, 1);
      size -= 1;
      if (chunk.keys.length === 0) chunks.splice(at, 1);
    },
    snapshot: () => {
      for (const chunk of chunks) chunk.isShared = true;
      return chunks.slice();
    },
  };
}

const secondHalf = ({ keys, objects }: Chunk): Chunk => ({
  keys: keys.splice(chunkSize),
  objects: objects.splice(chunkSize),
  isShared: false,
});

/** The last chunk that begins at or before the key; the first one for keys before all. */
function chunkOf(chunks: Snapshot, key: string): number {
  let [low, high] = [0, chunks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((chunks[middle]?.keys[0] ?? "") <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index of the key, or of the first one behind it. */
function placeOf(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Range {
  /** Keys begin with it. */
  prefix: string;
  /** Only what is behind this key. */
  after?: string | undefined;
}

type See = (object: KubernetesObject, key: string) => boolean;

/** Calls `see` with each object of the range in order, until it answers false. */
export function scan(snapshot: Snapshot, range: Range, see: See): void {
  const start = range.after !== undefined && range.after > range.prefix ? range.after : range.prefix;
  for (let at = chunkOf(snapshot, start); at < snapshot.length; at += 1)
    if (!scanChunk(snapshot[at] as Chunk, { ...range, start }, see)) return;
}

function scanChunk({ keys, objects }: Chunk, { start, prefix, after }: Range & { start: string }, see: See): boolean {
  for (let place = placeOf(keys, start); place < keys.length; place += 1) {
    const key = keys[place] as string;
    if (key === after) continue;
    if (!key.startsWith(prefix) || !see(objects[place] as KubernetesObject, key)) return false;
  }
  return true;
}

/** How many objects of the range there are. */
export const countBehind = (snapshot: Snapshot, { prefix, after = prefix }: Range): number =>
  rankOf(snapshot, `${prefix}\u{10FFFF}`) - rankOf(snapshot, `${after}\0`);

/** How many objects stand before the key. */
function rankOf(snapshot: Snapshot, key: string): number {
  const last = chunkOf(snapshot, key);
  const before = snapshot.slice(0, last).reduce((count, { keys }) => count + keys.length, 0);
  return before + placeOf(snapshot[last]?.keys ?? [], key);
}

export function allOf(snapshot: Snapshot): KubernetesObject[] {
  const all: KubernetesObject[] = [];
  for (const { objects } of snapshot) for (const object of objects) all.push(object);
  return all;
}
