// What the command line asks for.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export const help = `usage: npm run simulate -- [options]
  --seeds N            how many; 1,000 when left out, or the one of --seed
  --seed K             the first; a new one each time when left out
  --workers N          processes; as many as there are cores when left out
  --seconds N          begin no more seeds after so long
  --go-on              do not stop at the first that breaks a promise: group what is found
  --check              play each seed twice, which has to go the same way
  --trace              print the whole trace of what breaks a promise, not its end
  --no-shrink          do not look for a shorter plan that breaks the same
  --plan FILE          play a plan instead of seeds
  --regressions        play those that once failed instead of seeds
  --on embedded|real   send what --plan or --regressions sent to a real API server, and compare
  --planted [NAME]     hunt planted bugs, those whose names begin so
`;

export interface Options {
  isHelp: boolean;
  first: number;
  count: number;
  workers: number;
  seconds: number;
  /** Each seed is played twice, and has to go the same way. */
  isChecked: boolean;
  isTraced: boolean;
  isShrunk: boolean;
  /** All seeds are played whatever is found, and what was found is counted. */
  goesOn: boolean;
  /** A plan as JSON instead of seeds. */
  planFile: string | undefined;
  /** Those that once failed, instead of seeds. */
  playsRegressions: boolean;
  /** The API server to which the plans' requests are sent again. */
  on: "embedded" | "real" | undefined;
  /** Planted bugs are hunted, instead of bugs that are none of ours: those whose names begin so. */
  planted: string | undefined;
}

export function optionsFrom(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    options: {
      seeds: { type: "string" },
      seed: { type: "string" },
      workers: { type: "string" },
      seconds: { type: "string" },
      plan: { type: "string" },
      on: { type: "string" },
      check: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      "no-shrink": { type: "boolean", default: false },
      "go-on": { type: "boolean", default: false },
      regressions: { type: "boolean", default: false },
      planted: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (positionals.length > (values.planted ? 1 : 0))
    throw new Error(`${positionals.at(-1)} is no option: see npm run simulate -- --help`);
  return {
    isHelp: values.help,
    first: whole("seed", values.seed) ?? Date.now() % 2 ** 31,
    count: whole("seeds", values.seeds) ?? (values.seed === undefined ? 1_000 : 1),
    workers: whole("workers", values.workers) ?? availableParallelism(),
    seconds: whole("seconds", values.seconds) ?? Number.POSITIVE_INFINITY,
    isChecked: values.check,
    isTraced: values.trace,
    isShrunk: !values["no-shrink"],
    goesOn: values["go-on"],
    planFile: values.plan,
    playsRegressions: values.regressions,
    on: serverIn(values),
    planted: values.planted ? (positionals[0] ?? "") : undefined,
  };
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${name} is invalid: ${text}, expected a whole number`);
}

function serverIn(values: { on?: string; plan?: string; regressions: boolean }): Options["on"] {
  const { on, plan, regressions } = values;
  if (on === undefined) return undefined;
  if (on !== "embedded" && on !== "real") throw new Error(`--on is invalid: ${on}, expected embedded or real`);
  if (plan === undefined && !regressions) throw new Error("--on needs --plan or --regressions: it replays plans");
  return on;
}
