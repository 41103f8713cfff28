// What is printed while the cluster comes up: one line for each step, with the time it took.

export interface Progress {
  /** Runs the step and prints one line about it when it ends; a step may answer with a remark, such as "cached". */
  step<T>(name: string, body: (say: (remark: string) => void) => Promise<T>): Promise<T>;
  say(line: string): void;
}

/** Print to the terminal. A step that takes long is announced, so that nobody wonders whether it hangs. */
export function printedProgress(print: (line: string) => void = console.log): Progress {
  const began = performance.now();
  return {
    say: print,
    async step(name, body) {
      const started = performance.now();
      const announced = setTimeout(() => print(`${clock(began)} ${name} ...`), 3_000);
      let remark = "";
      try {
        const result = await body((text) => {
          remark = `: ${text}`;
        });
        print(`${clock(began)} ${name}${remark} (${seconds(started)} s)`);
        return result;
      } catch (error) {
        print(`${clock(began)} ${name}: failed after ${seconds(started)} s`);
        throw error;
      } finally {
        clearTimeout(announced);
      }
    },
  };
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** Minutes and seconds since the start. */
function clock(began: number): string {
  const total = Math.round((performance.now() - began) / 1000);
  return `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}
