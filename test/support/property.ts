// fast-check with the same cases in every run, so that a change is judged by what it does and not by luck. New cases are
// looked for on purpose: `npm run fuzz`, which takes a random seed and twenty times as many, and prints the seed with
// what it finds.
import fc from "fast-check";

const factor = Number(process.env.KNVIRT_FUZZ ?? 0);

fc.configureGlobal(factor > 0 ? { numRuns: 100 * factor } : { seed: 1 });

export { fc };
