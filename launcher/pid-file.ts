// Programs that are no children of this process: they are found by their pid files.
import { readFile } from "node:fs/promises";
import { ifThere } from "./if-there.ts";

/** Only to a program of such a name: the number may belong to another one by now. */
export const signalByPidFile = (file: string, program: RegExp, signal: NodeJS.Signals): Promise<void> =>
  ifThere(send(file, program, signal));

async function send(file: string, program: RegExp, signal: NodeJS.Signals): Promise<void> {
  const pid = Number(await readFile(file, "utf8"));
  const name = await readFile(`/proc/${pid}/comm`, "utf8");
  if (program.test(name.trim())) process.kill(pid, signal);
}
