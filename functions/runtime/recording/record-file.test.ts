import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { olderOf, openRecordFile } from "./record-file.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = (path: string, limitBytes = 2 ** 20) => {
  const troubles: Error[] = [];
  const file = openRecordFile({ path, limitBytes, onTrouble: (error) => troubles.push(error as Error) });
  return { ...file, troubles };
};
const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("records are in a file that only we may read, whoever made it", async () => {
  const path = join(folder, "plain");
  writeFileSync(path, "half of a li", { mode: 0o644 });
  const file = opened(path);
  for (let number = 0; number < 100; number++) file.write(`{"number":${number}}`);
  await file.close();
  expect(linesOf(path)).toEqual([
    "half of a li",
    ...Array.from({ length: 100 }, (_, number) => `{"number":${number}}`),
  ]);
  expect(modeOf(path)).toBe(0o600);
  expect(file.troubles).toEqual([]);
});

test("two files take turns: the oldest records are lost first, and the bound holds", async () => {
  const path = join(folder, "turns");
  const limit = 20_000;
  for (let start = 0; start < 1_000; start += 250) {
    const file = opened(path, limit);
    for (let number = start; number < start + 250; number++) file.write(`${number} ${"x".repeat(100)}`);
    await file.close();
    expect(statSync(path).size + (existsSync(olderOf(path)) ? statSync(olderOf(path)).size : 0)).toBeLessThanOrEqual(
      limit,
    );
  }
  const numbers = [olderOf(path), path].flatMap(linesOf).map((line) => Number(line.split(" ")[0]));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 1_000 - numbers.length + index));
  expect(numbers.length).toBeGreaterThan(limit / 2 / 110);
  expect(modeOf(olderOf(path))).toBe(0o600);
});

test("what cannot be written is told once, and later records are tried", async () => {
  const path = join(folder, "missing", "file");
  const file = opened(path);
  for (const text of ["lost", "lost too"]) {
    file.write(text);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  mkdirSync(join(folder, "missing"));
  file.write("kept");
  await file.close();
  expect(linesOf(path)).toEqual(["kept"]);
  expect(file.troubles).toMatchObject([{ code: "ENOENT" }]);
});

test.each([
  { when: "a folder", make: (path: string) => mkdirSync(path), want: "EISDIR" },
  { when: "a link", make: (path: string) => symlinkSync("/dev/null", path), want: "ELOOP" },
])("$when is not written to", async ({ when, make, want }) => {
  const path = join(folder, when);
  make(path);
  const file = opened(path);
  file.write("lost");
  await file.close();
  expect(file.troubles).toMatchObject([{ code: want }]);
});

test("a device is no file", async () => {
  const file = opened("/dev/full");
  file.write("lost");
  await file.close();
  expect(file.troubles.map(({ message }) => message)).toEqual(["/dev/full is no file"]);
});

test("records that come faster than the disk takes them are lost, and that is told", async () => {
  const path = join(folder, "fast");
  const file = opened(path, 2 ** 30);
  const line = "x".repeat(2 ** 20);
  for (let count = 0; count < 40; count++) file.write(line);
  await file.close();
  expect(file.troubles).toEqual([new Error(`${path} is written slower than records come`)]);
  expect(linesOf(path).length).toBeLessThan(40);
});
