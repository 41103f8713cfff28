import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "@jest/globals";
import { printedProgress } from "./progress.ts";

const printed = (): { lines: string[]; progress: ReturnType<typeof printedProgress> } => {
  const lines: string[] = [];
  return { lines, progress: printedProgress((line) => lines.push(line)) };
};

it.each([
  { when: "a step", work: async () => 1, want: /^ {2}build$/ },
  { when: "one with a remark", work: async (remark: (text: string) => void) => remark("cached"), want: /: cached$/ },
  { when: "one that takes long", work: () => sleep(510), want: /^ {2}build \(\d+\.\d s\)$/ },
])("prints one line for $when", async ({ work, want }) => {
  const { lines, progress } = printed();
  await progress.step<unknown>("build", work);
  expect(lines).toEqual([expect.stringMatching(want)]);
});

it("says which step failed, and leaves the error to the caller", async () => {
  const { lines, progress } = printed();
  await expect(progress.step("build", () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(lines).toEqual(["  build: failed"]);
});
