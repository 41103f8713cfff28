// What the command line may say, and how it is refused.
import { type Options, optionsFrom } from "./options.ts";

test.each<{ args: string[]; want: Partial<Options> }>([
  { args: ["--seeds", "20", "--seed", "7"], want: { first: 7, count: 20, isShrunk: true, isTraced: false } },
  { args: ["--seed", "7"], want: { first: 7, count: 1 } },
  { args: [], want: { count: 1_000, seconds: Number.POSITIVE_INFINITY } },
  { args: ["--workers", "3", "--seconds", "60", "--check"], want: { workers: 3, seconds: 60, isChecked: true } },
  {
    args: ["--plan", "x.json", "--trace", "--no-shrink"],
    want: { planFile: "x.json", isTraced: true, isShrunk: false },
  },
  { args: ["--regressions", "--on", "real"], want: { playsRegressions: true, on: "real" } },
  { args: ["--planted", "sweep"], want: { planted: "sweep" } },
  { args: ["-h"], want: { isHelp: true } },
])("$args", ({ args, want }) => expect(optionsFrom(args)).toMatchObject(want));

test.each([
  { args: ["--seed", "x"], want: "--seed is invalid: x, expected a whole number" },
  { args: ["--regressions", "--on", "mine"], want: "--on is invalid: mine, expected embedded or real" },
  { args: ["20"], want: "20 is no option: see npm run simulate -- --help" },
  { args: ["--on", "real"], want: "--on needs --plan or --regressions" },
])("$args is refused", ({ args, want }) => expect(() => optionsFrom(args)).toThrow(want));
