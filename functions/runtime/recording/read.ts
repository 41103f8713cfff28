// Records out of the lines of a recording, or of a log with anything else between.

import { type Line, linesOf, rejoined, tooLong } from "./lines.ts";
import { type DecisionRecord, format, type Omission } from "./record.ts";

/** What the lines of files were. */
export interface Read {
  records: DecisionRecord[];
  omissions: Omission[];
  /** Of each recording, those that were found, wanted or not. */
  numbers: Map<string, Set<number>>;
  /** Lines of something else. */
  others: number;
  /** Lines that were records and are not whole. */
  damaged: number;
  tooLong: number;
  /** Records of other formats, by format. */
  foreign: Map<string, number>;
}

export const nothingRead = (): Read => ({
  ...{ records: [], omissions: [], others: 0, damaged: 0, tooLong: 0 },
  numbers: new Map(),
  foreign: new Map(),
});

/** Records have a quarter of that, and a log that quotes them as text twice as much. */
const longestLine = 2 ** 20;

/** Adds to `read` those records that are wanted, each once. */
export async function readRecords(
  chunks: AsyncIterable<Buffer>,
  read: Read,
  isWanted: (record: Omission | DecisionRecord) => boolean,
): Promise<void> {
  for await (const line of rejoined(linesOf(chunks, longestLine), longestLine)) {
    const found = recordIn(line);
    if (typeof found === "string") read[found] += 1;
    else if ("foreign" in found) read.foreign.set(found.foreign, (read.foreign.get(found.foreign) ?? 0) + 1);
    else if (isNew(read, found) && isWanted(found)) keep(read, found);
  }
}

function isNew({ numbers }: Read, { recording, number }: Omission | DecisionRecord): boolean {
  const known = numbers.get(recording) ?? new Set();
  numbers.set(recording, known);
  return known.size < known.add(number).size;
}

function keep(read: Read, found: Omission | DecisionRecord): void {
  if ("omittedBytes" in found) read.omissions.push(found);
  else read.records.push(found);
}

/** Between the first and the last that were found. */
export const missingIn = ({ numbers }: Read): number =>
  [...numbers.values()].reduce((sum, found) => {
    const sorted = [...found].toSorted((a, b) => a - b);
    return sum + (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) + 1 - sorted.length;
  }, 0);

type Found = "others" | "damaged" | "tooLong" | { foreign: string } | Omission | DecisionRecord;

export function recordIn(line: Line): Found {
  if (line === tooLong) return "tooLong";
  const found = decisionIn(parsed(line), 0);
  if (found === undefined) return /"(observed|intents|decision)\\*":/.test(line) ? "damaged" : "others";
  if (found.format !== format) return { foreign: JSON.stringify(found.format) };
  if (isOmission(found) || isRecord(found)) return found;
  return "damaged";
}

/** Collectors put words before a line, or the line as a text into an object of theirs. */
function parsed(line: string): unknown {
  const begin = line.indexOf("{");
  if (begin === -1) return undefined;
  try {
    return JSON.parse(line.slice(begin));
  } catch {
    return undefined;
  }
}

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const deepest = 3;

function decisionIn(value: unknown, depth: number): Json | undefined {
  if (!isJson(value) || depth > deepest) return undefined;
  if (isJson(value.decision) && "format" in value.decision) return value.decision;
  for (const member of Object.values(value)) {
    const inner = typeof member === "string" && member.includes('"decision"') ? parsed(member) : member;
    const found = decisionIn(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

const hasHeader = ({ recording, number, at, function: name, key, knvirt }: Json): boolean =>
  [recording, at, name, knvirt].every((text) => typeof text === "string") &&
  typeof number === "number" &&
  isJson(key) &&
  typeof key.name === "string";

const isOmission = (value: Json): value is Json & Omission =>
  hasHeader(value) && typeof value.omittedBytes === "number";

const isRecord = (value: Json): value is Json & DecisionRecord =>
  hasHeader(value) && isJson(value.observed) && (Array.isArray(value.intents) || isJson(value.error));
