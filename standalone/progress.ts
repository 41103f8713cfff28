// What is printed while something comes up or ends: one line for each step, with the time that long ones took.

export interface Progress {
  /** Runs a step and prints one line about it when it ends; a step may add a remark, such as "cached". */
  step<T>(name: string, work: (remark: (text: string) => void) => Promise<T>): Promise<T>;
  say(line: string): void;
}

/** A step that takes longer is announced, so that nobody wonders whether it hangs. */
const announcedAfterMs = 10_000;

export function printedProgress(print: (line: string) => void = console.log): Progress {
  return {
    say: print,
    step: async (name, work) => {
      const started = performance.now();
      const announced = setTimeout(() => print(`  ${name} ...`), announcedAfterMs);
      let told = "";
      try {
        const result = await work((text) => {
          told = `: ${text}`;
        });
        const seconds = (performance.now() - started) / 1000;
        print(`  ${name}${told}${seconds >= 0.5 ? ` (${seconds.toFixed(1)} s)` : ""}`);
        return result;
      } catch (error) {
        print(`  ${name}: failed`);
        throw error;
      } finally {
        clearTimeout(announced);
      }
    },
  };
}
