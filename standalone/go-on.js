// The step from whatever Node the machine has to Node 24, in which everything but these few lines is written.
import { spawn } from "node:child_process";
import { node } from "./setup.js";

/** Ends as the program ends. `remedy` is the command that installs what is missing. */
export function goOnIn(program, remedy) {
  const args = ["--disable-warning=ExperimentalWarning", program, ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: "inherit" });
  // The terminal sends its signals to the whole group; what is sent to this process alone goes on to the child.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => undefined);
  child.on("error", (error) => {
    console.error(`knvirt: ${node} could not be started: ${error.message}: run ${remedy} first`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
