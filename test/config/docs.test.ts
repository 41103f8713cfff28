// What the documents tell to type is there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleGuest } from "../../standalone/guest/index.ts";

const repository = join(import.meta.dirname, "..", "..");
const text = (file: string): string => readFileSync(join(repository, file), "utf8");
const documents = ["README.md", "CONTRIBUTING.md", "docs/install.md", "test/cluster/README.md"];
const matches = (file: string, pattern: RegExp): string[] =>
  [...text(file).matchAll(pattern)].map(([, word = ""]) => word);

it.each(documents)("scripts that %s names", (file) => {
  const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(matches(file, /npm run ([a-z0-9:]+)/g)));
});

it.each(documents)("files that %s has applied or built", (file) => {
  const paths = matches(file, / -[fk] ((?:config|examples|standalone|functions)\/[\w./-]+)/g);
  for (const path of paths.filter((path) => !path.endsWith("/")))
    expect([path, existsSync(join(repository, path))]).toEqual([path, true]);
});

it.each(["examples/vm.yaml", "docs/install.md"])("the guest's image in %s is the one that is built here", (file) => {
  expect(new Set(matches(file, /(knvirt\.dev\/example-guest:[\w.-]+)/g))).toEqual(new Set([exampleGuest.reference]));
});
