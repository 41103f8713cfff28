import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "./go-build.ts";

const folder = mkdtempSync(join(tmpdir(), "go-build-"));
writeFileSync(join(folder, "go.mod"), "module a\n");
writeFileSync(join(folder, "go.sum"), "");
const module = { name: "a", folder, packages: ["."], flags: ["-tags=x"] };

it.each([
  { when: "another flag is another build", given: { ...module, flags: [] }, same: false },
  { when: "another package is another build", given: { ...module, packages: ["./b"] }, same: false },
  { when: "another name is the same build", given: { ...module, name: "b" }, same: true },
])("$when", async ({ given, same }) => {
  expect((await digestOf(given)) === (await digestOf(module))).toBe(same);
});

it.each([
  { when: "another sum is another build", given: "go.sum", same: false },
  { when: "more source is another build", given: "main.go", same: false },
  { when: "a note beside it is not", given: "README.md", same: true },
])("$when", async ({ given, same }) => {
  const before = await digestOf(module);
  writeFileSync(join(folder, given), "changed\n");
  expect((await digestOf(module)) === before).toBe(same);
});

it("is refused with a remedy where Go is missing", async () => {
  const { buildGo } = await import("./go-build.ts");
  const progress = {
    say: () => undefined,
    step: <T>(_: string, body: (say: () => void) => Promise<T>) => body(() => {}),
  };
  const run = () => Promise.reject(new Error("go could not be started: spawn go ENOENT"));
  await expect(buildGo({ cache: folder, progress, run }, module)).rejects.toThrow(
    /go is missing: .* install Go 1.26/,
  );
});
