// The rows of docs/compatibility.md: what upstream has, and whether it is here. A line of rows/*.txt is one row:
//   id | rank | what it is, in our words | yes, different or not yet | the specs that show it, the reason, or what is
//   refused instead
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const answers = ["yes", "different", "not yet"] as const;
export type Answer = (typeof answers)[number];

export interface Row {
  id: string;
  rank: "core" | "common";
  what: string;
  answer: Answer;
  why: string;
}

const isAnswer = (word: string): word is Answer => (answers as readonly string[]).includes(word);

/** Throws when the line is no row. */
export function parseRow(line: string): Row {
  const [id = "", rank, what = "", answer = "", ...rest] = line.split("|").map((cell) => cell.trim());
  const why = rest.join("|");
  if (!/^[A-Z]+-?\d+$/.test(id)) throw new Error(`row has no id: found ${line}`);
  if (rank !== "core" && rank !== "common")
    throw new Error(`row ${id} has no rank: found ${rank}, expected core or common`);
  if (!isAnswer(answer))
    throw new Error(`row ${id} has no answer: found ${answer || "none"}, expected ${answers.join(", ")}`);
  if (!what || !why) throw new Error(`row ${id} says too little: found ${line}, expected what it is, and why`);
  return { id, rank, what, answer, why };
}

export const parseRows = (text: string): Row[] =>
  text.split("\n").flatMap((line) => (line === "" ? [] : [parseRow(line)]));

interface Spec {
  file: string;
  titles: string[];
}

/** What a row names as `file "title"`, or `file "one title", "another"`. */
export const specsIn = (why: string): Spec[] =>
  [...why.matchAll(/([\w./-]+\.ts)((?:,? "[^"]+")+)/g)].map(([, file = "", titles = ""]) => ({
    file,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
  }));

/** What is wrong with the specs that a row names. */
export function problemsOf({ id, answer, why }: Row, repository: string): string[] {
  const specs = specsIn(why);
  if (answer === "yes" && specs.length === 0)
    return [`row ${id} is yes without a spec: found ${why}, expected a file and a title`];
  return specs.flatMap(({ file, titles }) => {
    const path = join(repository, file);
    if (!existsSync(path)) return [`row ${id} names a file that is not there: found ${file}`];
    const sources = sourcesOf(path);
    return titles
      .filter((title) => !hasTitle(sources, title))
      .map((title) => `row ${id} names a spec that is not in ${file}: found ${JSON.stringify(title)}`);
  });
}

/** The file, and what it imports by relative paths, also at one remove: tables of cases stand there. */
function sourcesOf(path: string, depth = 2): string[] {
  const own = readFileSync(path, "utf8");
  const imported = [...own.matchAll(/from "(\.[^"]+)"/g)].map(([, to = ""]) => join(dirname(path), to));
  if (depth === 0) return [own];
  return [own, ...imported.filter((file) => existsSync(file)).flatMap((file) => sourcesOf(file, depth - 1))];
}

/** A part of a title that comes out of a table. */
const filledIn = /\$\{[^}]*\}|\$\$?[\w.]+|%[sdop]/g;

/** As a test has it in its source: as it is, or as a template and what the template is filled with. */
export function hasTitle(sources: readonly string[], title: string): boolean {
  const [own = ""] = sources;
  if (['"', "'", "`"].some((quote) => own.includes(quote + title + quote))) return title.search(filledIn) === -1;
  // A quote of one kind may stand in a text of another.
  const literals = [/"([^"\n]*)"/g, /'([^'\n]*)'/g, /`([^`]*)`/g].flatMap((kind) =>
    [...own.matchAll(kind)].map(([, text = ""]) => text),
  );
  return literals.some((literal) => {
    const parts = literal.split(filledIn);
    if (parts.length === 1 || !parts.some((part) => /\w/.test(part))) return false;
    const values = new RegExp(`^${parts.map(escaped).join("(.+)")}$`).exec(title)?.slice(1);
    return values?.every((value) => sources.some((source) => source.includes(value))) ?? false;
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
