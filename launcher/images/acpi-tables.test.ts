import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Paths, pathsBelow } from "../paths.ts";
import { slicTable } from "../testing/slic-table.ts";
import { aVmi } from "../testing/vmi.ts";
import { acpiTables } from "./acpi-tables.ts";

let root: string;
let paths: Paths;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "knvirt-acpi-"));
  paths = pathsBelow(root);
});
afterEach(() => rm(root, { recursive: true }));

const vmi = aVmi({
  domain: { firmware: { acpi: { slicNameRef: "licence" } } },
  volumes: [{ name: "licence", secret: { secretName: "keys" } }],
});

/** As the kubelet lays it out: behind links. */
async function mounted(files: Record<string, Buffer>): Promise<void> {
  const folder = paths.configuration("licence");
  await mkdir(join(folder, "..2026_01_02"), { recursive: true });
  await symlink("..2026_01_02", join(folder, "..data"));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, "..2026_01_02", name), content);
    await symlink(`..data/${name}`, join(folder, name));
  }
}

test("a table is named by its file", async () => {
  await mounted({ "slic.bin": slicTable() });
  expect(await acpiTables(vmi, paths)).toEqual({ slic: join(paths.configuration("licence"), "slic.bin") });
});

test("nothing is looked for when none is asked for", async () => expect(await acpiTables(aVmi(), paths)).toEqual({}));

test.each([
  { when: "it is not there", given: { "msdm.bin": slicTable() }, want: "cannot be read: no such file" },
  {
    when: "it is too short",
    given: { "slic.bin": Buffer.from("SLIC s3cret") },
    want: "is no ACPI table: found 11 bytes, expected a header of 36 at least",
  },
  {
    when: "it is another one",
    given: { "slic.bin": Buffer.concat([Buffer.from("MSDM"), Buffer.alloc(60)]) },
    want: "is a table of another type: expected SLIC in its first bytes",
  },
])("refused, without a word of what is in it: $when", async ({ given, want }) => {
  await mounted(given);
  await expect(acpiTables(vmi, paths)).rejects.toMatchObject({
    reason: "AcpiTableInvalid",
    message: `acpi.slicNameRef of default/web: slic.bin in the secret of volume licence ${want}`,
  });
});
