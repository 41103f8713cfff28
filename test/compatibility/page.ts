// docs/compatibility.md: what upstream does, row by row, and whether knvirt does it too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, parseRows, problemsOf, type Row, specsIn } from "./rows.ts";

const repository = join(import.meta.dirname, "..", "..");

const sections = [
  { file: "virtual-machine", title: "VirtualMachine" },
  { file: "instance", title: "VirtualMachineInstance" },
  { file: "admission", title: "Admission: rules and defaults" },
  { file: "subresources", title: "Subresources and roles" },
  { file: "events", title: "Events" },
  { file: "node", title: "Node and launcher" },
];

interface Section {
  title: string;
  rows: Row[];
}

export function compatibilityPage(): string {
  const read = sections.map(({ file, title }) => ({ title, rows: rowsOf(file) }));
  return `${introduction}\n${counts(read)}\n${read.map(part).join("\n")}`;
}

/** Rows that name specs which do not exist. */
export const compatibilityProblems = (): string[] =>
  sections.flatMap(({ file }) => rowsOf(file).flatMap((row) => problemsOf(row, repository)));

const rowsOf = (file: string): Row[] =>
  parseRows(readFileSync(join(import.meta.dirname, "rows", `${file}.txt`), "utf8"));

const introduction = `<!-- Generated from test/compatibility/rows/ by npm run generate. Do not edit. -->

# Compatibility

What KubeVirt does for its users and what its parts do among themselves, row by row: everything that a VM cannot do
without (core) or that most users meet (common). Each row is \`yes\`, with a spec that shows it; \`different\`, with the
reason; or \`not yet\`, with what is refused instead. How much of the API's fields there is, and why the rest is not:
\`npm run coverage:api -- --missing\`.
`;

const answers: Answer[] = ["yes", "different", "not yet"];

function counts(read: Section[]): string {
  const lines = [...read, { title: "All", rows: read.flatMap(({ rows }) => rows) }].map(
    ({ title, rows }) =>
      `| ${title} | ${answers.map((answer) => rows.filter((row) => row.answer === answer).length).join(" | ")} |`,
  );
  return ["| | yes | different | not yet |", "| --- | --- | --- | --- |", ...lines, ""].join("\n");
}

function part({ title, rows }: Section): string {
  const lines = rows.map(
    ({ id, rank, what, answer, why }) => `| ${id} | ${rank} | ${what} | ${answer} | ${cell(why)} |`,
  );
  const head = ["| id | rank | what | here | where, or why |", "| --- | --- | --- | --- | --- |"];
  return [`## ${title}`, "", ...head, ...lines, ""].join("\n");
}

/** Specs as links, with their titles. */
const cell = (why: string): string =>
  specsIn(why)
    .reduce(
      (text, { file }) => text.replace(`${file} "`, `[${file}](../${file}): "`),
      why.replaceAll("<", "&lt;").replaceAll("; ", "<br>"),
    )
    .replaceAll("|", "\\|");
