// Signals to processes that may end at any moment.

/** Does nothing when the process has ended meanwhile; whoever calls makes sure that the number is not another's by now. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
