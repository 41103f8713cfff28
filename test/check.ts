// npm run check: everything that must hold before a commit, in one command, with one line for each part.
import { spawn } from "node:child_process";
import { join } from "node:path";

const repository = join(import.meta.dirname, "..");
const program = (name: string) => join(repository, "node_modules", ".bin", name);

const folders =
  "api build certificates functions gateway kubernetes launcher libvirt node-executor proto standalone test".split(
    " ",
  );
const checks: Record<string, string[]> = {
  biome: [program("biome"), "ci", "--colors=off", "--error-on-warnings", "."],
  types: [program("tsc"), "-p", "."],
  imports: [program("depcruise"), "--config", ".dependency-cruiser.js", ...folders],
  unused: [program("knip"), "--no-progress"],
  generated: [process.execPath, "test/generate.ts", "--check"],
  tests: [
    process.execPath,
    "--experimental-vm-modules",
    "--no-warnings",
    "node_modules/jest/bin/jest.js",
    "--silent",
  ],
};
if (process.argv.includes("--without-unit-tests")) delete checks.tests;

interface Outcome {
  code: number | null;
  output: string;
}

function runCheck([command = "", ...args]: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

let failures = 0;
for (const [name, command] of Object.entries(checks)) {
  const started = performance.now();
  const { code, output } = await runCheck(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code === 0) continue;
  failures += 1;
  console.log(output.trimEnd());
}
process.exitCode = failures === 0 ? 0 : 1;
