// npm run replay: recordings named on the command line, or what comes in, decided again by the functions of this checkout.
import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { keyText } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "../definition.ts";
import { nothingRead, type Read, readRecords } from "./read.ts";
import type { DecisionRecord, Omission } from "./record.ts";
import { replay } from "./replay.ts";
import { version } from "./version.ts";

const help = `usage: npm run replay -- FILE...

  FILE                   a recording, or a log with one; both files of a recording, in any order; - is standard input
  --key NAMESPACE/NAME   only decisions about this object
  --function NAME        only those of this function
  --diff                 tell in full what differs

Ends with 0 when all decisions are the same, with 1 when some differ, with 2 when nothing could be decided again.
`;

interface Wishes {
  key?: string;
  function?: string;
}

/** Answers with the exit code. */
export async function replayCommand(
  args: string[],
  definitions: readonly FunctionDefinition[],
  print: (line: string) => void,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: "string" },
      function: { type: "string" },
      diff: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    print(help.trimEnd());
    return values.help ? 0 : 2;
  }
  const read = nothingRead();
  for (const file of positionals) await readFile(file, read, isWanted(values));
  const { same, different } = replay(read, { definitions, version, diff: values.diff, print });
  if (different > 0) return 1;
  if (same > 0) return 0;
  print(
    `nothing to decide again in ${positionals.join(", ")}${wishText(values)}: expected lines that functions wrote with RECORD`,
  );
  return 2;
}

const isWanted =
  ({ key, function: name }: Wishes) =>
  (record: DecisionRecord | Omission): boolean =>
    (key === undefined || keyText(record.key) === key) && (name === undefined || record.function === name);

const wishText = ({ key, function: name }: Wishes): string =>
  (key === undefined ? "" : ` about ${key}`) + (name === undefined ? "" : ` of function ${name}`);

async function readFile(
  file: string,
  read: Read,
  wanted: (record: DecisionRecord | Omission) => boolean,
): Promise<void> {
  try {
    await readRecords(file === "-" ? process.stdin : createReadStream(file), read, wanted);
  } catch (error) {
    throw new Error(`recording ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
