import { printedProgress } from "./progress.ts";

const printed = (): { lines: string[]; progress: ReturnType<typeof printedProgress> } => {
  const lines: string[] = [];
  return { lines, progress: printedProgress((line) => lines.push(line)) };
};

it.each([
  { when: "a step", body: async () => 1, want: /^00:00 build \(0\.\d s\)$/ },
  {
    when: "a step with a remark",
    body: async (say: (remark: string) => void) => say("cached"),
    want: /^00:00 build: cached \(0\.\d s\)$/,
  },
])("prints one line for $when", async ({ body, want }) => {
  const { lines, progress } = printed();
  await progress.step<unknown>("build", body);
  expect(lines).toEqual([expect.stringMatching(want)]);
});

it("says which step failed, and leaves the error to the caller", async () => {
  const { lines, progress } = printed();
  await expect(progress.step("build", () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(lines).toEqual([expect.stringMatching(/^00:00 build: failed after 0\.\d s$/)]);
});
