// The page that users read says what the list says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { differences } from "./differences.ts";
import { apiServerPage } from "./page.ts";

test("docs/api-server.md has all differences", () =>
  expect(readFileSync(join(import.meta.dirname, "..", "..", "docs", "api-server.md"), "utf8")).toBe(apiServerPage()));

test("every difference has a name of its own", () =>
  expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length));

test.each(differences)("says what and why in sentences: $id", ({ what, why }) => {
  expect([what, why]).toEqual([expect.stringMatching(/^[A-Z].+\.$/), expect.stringMatching(/^[A-Z].+\.$/)]);
});
