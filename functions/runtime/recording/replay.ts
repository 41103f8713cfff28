// All decisions of a recording taken again, in the order in which they were taken: told one by one, and summed up.
import { keyText } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "../definition.ts";
import { compare } from "./compare.ts";
import { missingIn, type Read } from "./read.ts";
import { type DecisionRecord, format } from "./record.ts";
import { linesOfDecision } from "./timeline.ts";

export interface ReplayOptions {
  definitions: readonly FunctionDefinition[];
  /** Version of this checkout. */
  version: string;
  diff: boolean;
  print(line: string): void;
}

export interface Replayed {
  same: number;
  different: number;
  /** Of functions that this checkout does not have. */
  unknown: number;
}

export function replay(read: Read, options: ReplayOptions): Replayed {
  const { definitions, diff, print } = options;
  const records = inOrder(read.records);
  const latest = new Map<string, DecisionRecord>();
  const replayed: Replayed = { same: 0, different: 0, unknown: 0 };
  for (const record of records) {
    const verdict = compare(record, definitions);
    const identity = `${record.function} ${keyText(record.key)}`;
    replayed[verdict.is] += 1;
    for (const line of linesOfDecision({ record, verdict, previous: latest.get(identity), diff })) print(line);
    latest.set(identity, record);
  }
  for (const line of [...readLines(read), ...resultLines(replayed, records, options)]) print(line);
  return replayed;
}

/** By time; in one recording by number, for its clock may have been put back. */
function inOrder(records: readonly DecisionRecord[]): DecisionRecord[] {
  const latest = new Map<string, string>();
  const timed = records
    .toSorted((a, b) => a.number - b.number)
    .map((record) => {
      const time = later(record.at, latest.get(record.recording) ?? "");
      latest.set(record.recording, time);
      return { record, time };
    });
  return timed.toSorted((a, b) => compareText(a.time, b.time)).map(({ record }) => record);
}

const later = (a: string, b: string): string => (compareText(a, b) < 0 ? b : a);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** What is not among the decisions. */
function readLines(read: Read): string[] {
  const { records, omissions, others, damaged, tooLong, foreign } = read;
  return [
    "",
    `read: ${records.length} decisions, ${others} other lines`,
    ...counted(damaged, "lines that were records and are damaged or cut off"),
    ...counted(tooLong, "lines that are too long to be records"),
    ...counted(missingIn(read), "decisions between them that are not there"),
    ...counted(omissions.length, "decisions that were too large to be recorded"),
    ...[...foreign].flatMap(([name, count]) =>
      counted(count, `records of format ${name}, which this checkout cannot read: expected ${format}`),
    ),
  ];
}

const counted = (count: number, what: string): string[] => (count === 0 ? [] : [`      ${count} ${what}`]);

function resultLines(
  { same, different, unknown }: Replayed,
  records: readonly DecisionRecord[],
  { version, diff }: ReplayOptions,
): string[] {
  const versions = new Set(records.map(({ knvirt }) => knvirt).filter((each) => each !== version));
  const names = new Set(records.map(({ function: name }) => name));
  return [
    `again: ${same} the same, ${different} different`,
    ...counted(unknown, `of a function that this checkout does not have; recorded were ${[...names].join(", ")}`),
    ...[...versions].map((each) => `recorded by knvirt ${each}, and this is ${version}: the code differs`),
    ...(different > 0 && versions.size === 0
      ? [`recorded by knvirt ${version}, which this checkout is too: its functions were changed, or are not pure`]
      : []),
    ...(different > 0 && !diff ? ["each difference in full: --diff"] : []),
  ];
}
