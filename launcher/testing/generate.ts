// Writes domain/testdata anew: the domain XML of every case.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { domainXml } from "../domain/index.ts";
import { domainCases } from "./domain-cases.ts";

const directory = join(import.meta.dirname, "../domain/testdata");
await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
for (const [name, conversion] of Object.entries(domainCases))
  await writeFile(join(directory, `${name}.xml`), domainXml(conversion));
