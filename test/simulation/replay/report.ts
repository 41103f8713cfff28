// What a replay found, for people: how many answers agree, what explains the others, and what nothing explains.
import type { Judged } from "./compared.ts";
import type { Replayed } from "./replay.ts";

/** Of what nothing explains: the first tells most. */
const mostLines = 20;

export function reportOf(name: string, replayed: readonly Replayed[]): string[] {
  const alike = replayed.filter(({ found }) => found.length === 0).length;
  const counts = [...explanationsIn(replayed)].map(([id, count]) => `${id} ${count}`).join(", ");
  return [
    `${name}: ${alike} of ${replayed.length} answers are the same; differences: ${counts || "none"}`,
    ...unexplainedIn(replayed).slice(0, mostLines),
  ];
}

/** How many differences each explains. */
export function explanationsIn(replayed: readonly Replayed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { because } of replayed.flatMap(({ found }) => found))
    if (because !== undefined) counts.set(because, (counts.get(because) ?? 0) + 1);
  return counts;
}

export const unexplainedIn = (replayed: readonly Replayed[]): string[] =>
  replayed.flatMap(({ request: { method, path }, found }, index) =>
    found
      .filter(({ because }) => because === undefined)
      .map((one) => `  ${index + 1}. ${method} ${path}: ${lineOf(one)}`),
  );

const lineOf = ({ path, embedded, real }: Judged): string =>
  `${path} is ${shown(embedded)} in the model, ${shown(real)} there`;

const shown = (value: unknown): string => (JSON.stringify(value) ?? "absent").slice(0, 300);
