// The control plane in simulated worlds: plans that once showed something, and seeds, the same in every run, so that a
// change is judged by what it does and not by luck. New ones are looked for on purpose: `npm run simulate`.
import { spawn } from "node:child_process";
import { join } from "node:path";

/** As `npm run simulate` has it; what it prints tells all that is to be known. */
function simulate(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

test.each([
  { what: "plans that once failed", args: ["--regressions"] },
  { what: "200 seeds", args: ["--seed", "1", "--seeds", "200"] },
  {
    what: "20 seeds that go the same way when they are played again",
    args: ["--seed", "1", "--seeds", "20", "--check"],
  },
])("$what", async ({ args }) => {
  const { code, output } = await simulate(...args);
  console.log(output);
  expect(code).toBe(0);
});
