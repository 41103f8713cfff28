// What `npm start` and `npm run stop` say: one line for each step, with the time that long ones took.

export interface Progress {
  /** Runs a step and says how it went; what the step returns is added to its line. */
  step<T>(name: string, work: () => Promise<T>, tell?: (result: T) => string): Promise<T>;
  say(line: string): void;
}

export function progressOn(output: { write(text: string): unknown }): Progress {
  const say = (line: string): void => void output.write(`${line}\n`);
  return {
    say,
    step: async (name, work, tell) => {
      const started = performance.now();
      try {
        const result = await work();
        const seconds = (performance.now() - started) / 1000;
        const told = tell?.(result);
        say(`  ${name}${told ? `: ${told}` : ""}${seconds >= 0.5 ? ` (${seconds.toFixed(1)} s)` : ""}`);
        return result;
      } catch (error) {
        say(`  ${name}: failed`);
        throw error;
      }
    },
  };
}
