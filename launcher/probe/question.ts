// What the guest is to be asked, as the words of a command line: purpose, seconds, and ping or exec with a command. Pure.

export interface Question {
  /** A guest that is paused is not ready, and lives. */
  purpose: "readiness" | "liveness";
  timeoutSeconds: number;
  /** A program in the guest and its arguments; without one the agent only has to answer. */
  command: string[];
}

export function parseQuestion([purpose, seconds = "", verb, ...command]: string[]): Question {
  const timeoutSeconds = Number(seconds);
  const isSound = verb === "ping" ? command.length === 0 : verb === "exec" && command.length > 0;
  if ((purpose !== "readiness" && purpose !== "liveness") || !(timeoutSeconds > 0) || !isSound)
    throw new Error(
      `arguments are ${JSON.stringify([purpose, seconds, verb, ...command])}, expected readiness or liveness, seconds, and ping or exec with a command`,
    );
  return { purpose, timeoutSeconds, command };
}
