import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replayCommand } from "./command.ts";
import { aRecord, definitions, functionThat } from "./testing/decisions.ts";
import { version } from "./version.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "decisions");
const junk = join(folder, "junk");
writeFileSync(file, `${JSON.stringify({ decision: aRecord({ knvirt: version }) })}\n`);
writeFileSync(junk, "words\n");

async function ran(args: string[], by = definitions) {
  const lines: string[] = [];
  const code = await replayCommand(args, by, (line) => void lines.push(line));
  return { code, text: lines.join("\n") };
}

test.each([
  { args: [file], code: 0, want: "again: 1 the same, 0 different" },
  { args: [file, file], code: 0, want: "again: 1 the same, 0 different" },
  { args: [file, "--key", "default/web", "--function", "vm"], code: 0, want: "vm default/web" },
  { args: [file, "--key", "default/other"], code: 2, want: `nothing to decide again in ${file} about default/other` },
  { args: [file, "--function", "vmi"], code: 2, want: "of function vmi" },
  { args: [junk], code: 2, want: "0 decisions, 1 other lines" },
  { args: [], code: 2, want: "usage: npm run replay" },
  { args: ["--help"], code: 0, want: "usage: npm run replay" },
])("$args ends with $code", async ({ args, code, want }) => {
  const { code: found, text } = await ran(args);
  expect(text).toContain(want);
  expect(found).toBe(code);
});

test("it ends with 1 when a decision differs", async () => {
  expect((await ran([file], [functionThat(() => [])])).code).toBe(1);
});

test("a file that is not there is told by its name", async () => {
  await expect(ran([join(folder, "none")])).rejects.toThrow(
    `recording ${join(folder, "none")} cannot be read: ENOENT`,
  );
});
