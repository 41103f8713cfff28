// The list and set libraries of Kubernetes' CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library
import { Duration } from "@marcbachmann/cel-js/evaluator";
import { equals, isLess } from "./comparison.ts";
import type { CelLibrary, CelList } from "./library.ts";

class Sets {}

export const lists: CelLibrary = {
  types: { "kubernetes.Sets": Sets },
  constants: { sets: { type: "kubernetes.Sets", value: new Sets() } },
  functions: {
    "list.isSorted(): bool": (list: CelList) =>
      [...list].every((item, i, all) => i === 0 || !isLess(item, all[i - 1])),
    "list.sum(): dyn": (list: CelList) => [...list].reduce(sum, undefined) ?? 0n,
    "list.min(): dyn": (list: CelList) => extreme(list, "min", (item, best) => isLess(item, best)),
    "list.max(): dyn": (list: CelList) => extreme(list, "max", (item, best) => isLess(best, item)),
    "list.indexOf(dyn): int": (list: CelList, wanted: unknown) =>
      BigInt([...list].findIndex((item) => equals(item, wanted))),
    "list.lastIndexOf(dyn): int": (list: CelList, wanted: unknown) =>
      BigInt([...list].findLastIndex((item) => equals(item, wanted))),
    "kubernetes.Sets.contains(list, list): bool": (_sets: Sets, all: CelList, some: CelList) =>
      containsAll(all, some),
    "kubernetes.Sets.equivalent(list, list): bool": (_sets: Sets, a: CelList, b: CelList) =>
      containsAll(a, b) && containsAll(b, a),
    "kubernetes.Sets.intersects(list, list): bool": (_sets: Sets, a: CelList, b: CelList) =>
      [...a].some((item) => includes(b, item)),
  },
};

function sum(total: unknown, item: unknown): unknown {
  if (total === undefined) return item;
  if (typeof total === "bigint" && typeof item === "bigint") return total + item;
  if (typeof total === "number" && typeof item === "number") return total + item;
  if (total instanceof Duration && item instanceof Duration) return total.addDuration(item);
  throw new Error("sum called on a list of mixed or unsummable types");
}

function extreme(list: CelList, name: string, isBetter: (item: unknown, best: unknown) => boolean): unknown {
  const items = [...list];
  if (items.length === 0) throw new Error(`${name} called on empty list`);
  return items.reduce((best, item) => (isBetter(item, best) ? item : best));
}

const includes = (list: CelList, wanted: unknown): boolean => [...list].some((item) => equals(item, wanted));

const containsAll = (all: CelList, some: CelList): boolean => [...some].every((item) => includes(all, item));
