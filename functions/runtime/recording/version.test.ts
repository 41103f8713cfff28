import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "./version.ts";

test("the version is that of the project", () => {
  const file = join(import.meta.dirname, "..", "..", "..", "package.json");
  expect((JSON.parse(readFileSync(file, "utf8")) as { version: string }).version).toBe(version);
});
