// Which directories are taken as data directories: one is removed whole, so it has to be ours.
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { settingsAt } from "./settings.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "knvirt-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test.each([
  { when: "it is new", prepare: (path: string) => rmSync(path, { recursive: true }) },
  { when: "it is empty", prepare: () => undefined },
  { when: "it is a file system of its own", prepare: (path: string) => mkdirSync(join(path, "lost+found")) },
  {
    when: "we were killed at the first step",
    prepare: (path: string) => writeFileSync(join(path, "ports.json.new"), ""),
  },
])("a directory is taken when $when", async ({ prepare }) => {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { mode: 0o755 });
  prepare(dataDir);
  const { ports } = await settingsAt(dataDir);
  expect(modeOf(dataDir)).toBe(0o700);
  expect((await settingsAt(dataDir)).ports).toEqual(ports);
});

test("a directory with files of others is left alone", async () => {
  writeFileSync(join(folder, "thesis.txt"), "");
  await expect(settingsAt(folder)).rejects.toThrow(
    `data directory ${folder} has files of others: found thesis.txt, expected an empty or a new directory`,
  );
});

test("a directory of another user is left alone", async () => {
  chownSync(folder, 65534, 65534);
  await expect(settingsAt(folder)).rejects.toThrow(`data directory ${folder} belongs to user 65534`);
});

test("a path in which sockets would have no room is refused", async () => {
  await expect(settingsAt(join(folder, "x".repeat(80)))).rejects.toThrow("too long for sockets");
});
