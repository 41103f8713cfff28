// npm run generate: writes every generated file. With --check it writes nothing and fails when a file would change.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";
import { definitionsOf, installationFiles } from "@knvirt/functions";
import { stringify } from "yaml";
import { cloudEventsPage } from "./cloudevents-page.ts";
import { compatibilityPage, compatibilityProblems } from "./compatibility/page.ts";
import { metricsPage } from "./metrics-page.ts";

const repository = join(import.meta.dirname, "..");

const yamlOf = (object: object): string => stringify(object, { lineWidth: 118, aliasDuplicateObjects: false });

/** Path in the repository to content. */
async function generated(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const crd of customResourceDefinitionsOfKubevirt())
    files.set(
      `config/crds/${crd.metadata.name}.yaml`,
      `# Generated from api/ by npm run generate. Do not edit.\n${yamlOf(crd)}`,
    );
  for (const [path, manifests] of installationFiles(definitionsOf({ launcher: { image: "knvirt/launcher" } })))
    files.set(
      `config/${path}`,
      `# Generated from functions/ by npm run generate. Do not edit.\n${manifests.map(yamlOf).join("---\n")}`,
    );
  files.set("docs/compatibility.md", compatibilityPage());
  files.set("docs/metrics.md", await metricsPage());
  files.set("docs/cloudevents.md", cloudEventsPage());
  for (const [path, content] of protocolBuffers()) files.set(path, content);
  return files;
}

function protocolBuffers(): Map<string, string> {
  const scratch = mkdtempSync(join(tmpdir(), "knvirt-proto-"));
  const bin = join(repository, "node_modules", ".bin");
  try {
    execFileSync(join(bin, "buf"), ["generate", "-o", scratch], {
      cwd: join(repository, "proto"),
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    const folder = join(scratch, "generated");
    return new Map(
      readdirSync(folder).map((name) => [`proto/generated/${name}`, readFileSync(join(folder, name), "utf8")]),
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const problems = compatibilityProblems();
for (const problem of problems) console.log(`docs/compatibility.md: ${problem}`);

const stale = [...(await generated())].filter(([path, content]) => {
  const file = join(repository, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== content;
});
if (process.argv.includes("--check")) {
  for (const [path] of stale) console.log(`${path} is not what its source generates: run npm run generate`);
  process.exitCode = stale.length + problems.length === 0 ? 0 : 1;
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), content);
    console.log(`wrote ${path}`);
  }
  // The launcher's tests compare their own: domain XML of each case.
  execFileSync(process.execPath, [join(repository, "launcher", "testing", "generate.ts")], { stdio: "inherit" });
  if (problems.length > 0) process.exitCode = 1;
}
