// Chance that is the same for the same seed. Each part of the world draws from a stream of its own, so that leaving out
// one part of a run changes as little as possible of the others.
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** A stream of its own, the same for the same name. */
  fork(name: string): Random;
  /** A whole number from 0 up to, but not including, this one. */
  below(count: number): number;
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** Throws when there is nothing to pick. */
  pick<T>(items: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const between = (least: number, most: number): number => uniformInt(generator, least, most);
  return {
    fork: (name) => randomOf(mixed(seed, name)),
    between,
    below: (count) => between(0, count - 1),
    chance: (probability) => probability > 0 && between(0, 999_999) < probability * 1_000_000,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}

/** FNV-1a, begun with the seed. */
function mixed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}
