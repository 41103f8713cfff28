import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Instance, instanceAt } from "./instance.ts";
import { type LogOptions, logText, readLog } from "./log-reader.ts";

const source = { uid: "u", container: "main" };
let directory: string;
let instance: Instance;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "knvirt-log-"));
  instance = { ...instanceAt(directory), exitsDir: join(directory, "exits") };
  const attempt = (number: number) => join(instance.podsDir, "u/containers/main", String(number));
  for (const number of [0, 1]) await mkdir(attempt(number), { recursive: true });
  await mkdir(instance.exitsDir);
  await writeFile(join(attempt(0), "log"), "2026-01-01T10:00:00Z stdout F before\n");
  await writeFile(
    join(attempt(1), "log"),
    `2026-01-01T12:00:00Z stdout F one
2026-01-01T12:00:01Z stderr P tw
2026-01-01T12:00:02Z stderr F o
2026-01-01T12:00:03Z stdout F 
2026-01-01T12:00:04Z stdout F not yet whole`,
  );
});
afterAll(() => rm(directory, { recursive: true }));

async function text(options?: LogOptions, of = source): Promise<string> {
  let all = "";
  for await (const piece of readLog(instance, of, options)) all += piece;
  return all;
}

test.each<{ when: string; options: LogOptions; want: string }>([
  { when: "everything", options: {}, want: "one\ntwo\n\n" },
  { when: "the last lines", options: { tailLines: 2 }, want: "two\n\n" },
  { when: "no line", options: { tailLines: 0 }, want: "" },
  { when: "since a time", options: { sinceTime: new Date("2026-01-01T12:00:03Z") }, want: "\n" },
  { when: "the attempt before", options: { previous: true }, want: "before\n" },
  { when: "with times", options: { timestamps: true, tailLines: 1 }, want: "2026-01-01T12:00:03Z \n" },
])("reads $when", async ({ options, want }) => expect(await text(options)).toBe(want));

test("a container that never was has no output", async () => {
  expect(await text({}, { uid: "other", container: "main" })).toBe("");
});

test("follows until the container ends", async () => {
  const following = readLog(instance, source, { follow: true, tailLines: 1 });
  expect((await following.next()).value).toBe("\n"); // all that was whole so far
  const log = join(instance.podsDir, "u/containers/main/1/log");
  await appendFile(log, "\n2026-01-01T12:00:05Z stdout F more\n");
  await writeFile(join(instance.exitsDir, "u_main_1"), "0");
  let rest = "";
  for await (const piece of following) rest += piece;
  expect(rest).toBe("not yet whole\nmore\n");
});

test("a line that conmon did not write is given as it is", () => {
  expect(logText("garbage", false)).toBe("garbage\n");
});
