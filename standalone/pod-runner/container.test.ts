// What a container leaves behind as its last words.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { terminationMessage } from "./container.ts";

let bundle: string;

beforeEach(() => {
  bundle = mkdtempSync(join(tmpdir(), "knvirt-bundle-"));
});
afterEach(() => rmSync(bundle, { recursive: true }));

test.each([
  { when: "nothing was written", text: undefined, want: "" },
  { when: "it is short", text: "disk is full", want: "disk is full" },
  { when: "it is long: its end counts", text: `start${"x".repeat(4096)}`, want: "x".repeat(4096) },
])("a termination message when $when", async ({ text, want }) => {
  if (text !== undefined) writeFileSync(join(bundle, "termination-log"), text);
  expect(await terminationMessage(bundle)).toBe(want);
});

test("a termination message larger than our memory is not read whole", async () => {
  const file = join(bundle, "termination-log");
  writeFileSync(file, "");
  truncateSync(file, 1024 ** 4);
  expect(await terminationMessage(bundle)).toHaveLength(4096);
});
