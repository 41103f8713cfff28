// What many runs amount to: how much was played, how often each fault and action really happened, and how the runs ended.
import type { Outcome } from "./outcome.ts";

export interface Summary {
  readonly count: number;
  add(outcome: Outcome): void;
  lines(took: { seconds: number; cores: number }): string[];
}

type Tally = Map<string, number>;

export function summaryOf(): Summary {
  let [count, steps, writes, virtualMs] = [0, 0, 0, 0];
  const planned: Tally = new Map();
  const happened: Tally = new Map();
  const running: Tally = new Map();
  return {
    get count() {
      return count;
    },
    add: (outcome) => {
      count += 1;
      steps += outcome.steps;
      writes += outcome.writes;
      virtualMs += outcome.virtualMs;
      for (const [kind, times] of Object.entries(outcome.planned)) add(planned, kind, times);
      for (const [kind, times] of Object.entries(outcome.happened)) add(happened, kind, times);
      add(running, String(outcome.running), 1);
    },
    lines: ({ seconds, cores }) => [
      `${whole(count)} seeds in ${whole(seconds)} s: ${whole(steps)} steps (${whole(steps / seconds / cores)} a second and core), ` +
        `${whole(writes)} writes, ${whole(virtualMs / 3_600_000)} h of virtual time`,
      `instances that run at the end: ${endsOf(running, count)}`,
      `faults that struck, of those planned: ${faultsOf(planned, happened)}`,
      `actions, of those planned: ${actionsOf(planned, happened)}`,
      `requests and watches: ${mishapsOf(planned, happened)}`,
    ],
  };
}

const add = (tally: Tally, what: string, times: number): void => void tally.set(what, (tally.get(what) ?? 0) + times);
const whole = (count: number): string => Math.round(count).toLocaleString("en");

const endsOf = (running: Tally, count: number): string =>
  [...running]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([vms, seeds]) => `${vms} in ${Math.round((100 * seeds) / count)} %`)
    .join(", ");

/** Actions are counted by what their users were answered, faults as they are. */
const answersTo = (happened: Tally, kind: string): [string, number][] =>
  [...happened]
    .filter(([name]) => name.startsWith(`${kind}: `))
    .map(([name, times]) => [name.slice(kind.length + 2), times]);

const isAction = (happened: Tally, kind: string): boolean => answersTo(happened, kind).length > 0;
const sorted = (tally: Tally): [string, number][] => [...tally].toSorted(([a], [b]) => (a < b ? -1 : 1));

const faultsOf = (planned: Tally, happened: Tally): string =>
  sorted(planned)
    .filter(([kind]) => !isAction(happened, kind))
    .map(([kind, times]) => `${kind} ${whole(happened.get(kind) ?? 0)} of ${whole(times)}`)
    .join(", ");

const actionsOf = (planned: Tally, happened: Tally): string =>
  sorted(planned)
    .filter(([kind]) => isAction(happened, kind))
    .map(([kind, times]) => {
      const answers = answersTo(happened, kind).map(([answer, often]) => `${answer} ${whole(often)}`);
      return `${kind} ${whole(times)} (${answers.sort().join(", ")})`;
    })
    .join(", ");

const mishapsOf = (planned: Tally, happened: Tally): string =>
  sorted(happened)
    .filter(([what]) => !planned.has(what) && !what.includes(": "))
    .map(([what, times]) => `${what} ${whole(times)}`)
    .join(", ");
