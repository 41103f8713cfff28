#!/usr/bin/env node
// The command line's first step: install what is missing, then go on in Node 24.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { node, repository, setUp } from "./setup.js";

const [command = "start"] = process.argv.slice(2);
if (command === "start") setUp();

const child = spawn(
  node,
  ["--disable-warning=ExperimentalWarning", join(repository, "standalone", "main.ts"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
// The terminal sends its signals to the whole group; what is sent to this process alone goes on to the child.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => undefined);
child.on("error", (error) => {
  console.error(`knvirt: ${node} could not be started: ${error.message}: run npm start first`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
