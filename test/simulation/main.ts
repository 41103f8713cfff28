// npm run simulate: plays seeds, or plans from files, and tells what was found; exits with 1 when a promise was broken.
import { drawPlan } from "./plan/draw.ts";
import { runPlanted } from "./planted/index.ts";
import { replayPlans } from "./replay/replay-plans.ts";
import { play } from "./run.ts";
import { type NamedPlan, planIn, regressions } from "./seeds/named-plans.ts";
import { help, type Options, optionsFrom } from "./seeds/options.ts";
import type { Broken, Outcome } from "./seeds/outcome.ts";
import { playSeeds } from "./seeds/pool.ts";
import { summaryOf } from "./seeds/summary.ts";
import { type Found, reportViolation } from "./seeds/violation-report.ts";

/** That are named of those that broke the same. */
const mostSeeds = 10;

const options = optionsFrom(process.argv.slice(2));
if (options.isHelp) {
  process.stdout.write(help);
  process.exit(0);
}
if (options.planted !== undefined) {
  const { planted: only, count: seeds, workers } = options;
  const areFound = await runPlanted({ only, seeds, workers, print: console.log });
  process.exit(areFound ? 0 : 1);
}
if (options.on !== undefined) {
  const isExplained = await replayPlans(plansOf(options), options.on);
  process.exit(isExplained ? 0 : 1);
}
const found = await look(options);
if (found) {
  for (const line of await reportViolation(found, options)) console.log(line);
  process.exitCode = 1;
}

async function look(options: Options): Promise<Found | undefined> {
  const plans = plansOf(options);
  return plans.length > 0 ? await playPlans(plans) : await playAll(options);
}

/** None where seeds are asked for. */
function plansOf({ planFile, playsRegressions }: Options): NamedPlan[] {
  if (planFile !== undefined) return [planIn(planFile)];
  return playsRegressions ? regressions() : [];
}

async function playPlans(plans: NamedPlan[]): Promise<Found | undefined> {
  for (const { name, why, plan } of plans) {
    const { violation, steps } = await play(plan, { isTraced: false });
    console.log(`${violation ? "FAILED" : "ok    "} ${name} (${steps} steps)${why && `: ${why}`}`);
    if (violation) return { plan, violation };
  }
  return undefined;
}

async function playAll({ first, count, workers, goesOn, ...rest }: Options): Promise<Found | undefined> {
  console.log(`seeds from ${first}: npm run simulate -- --seed ${first} --seeds ${count}`);
  const begun = Date.now();
  const summary = summaryOf();
  const broken: Outcome[] = [];
  const progress = progressOf(() => `${summary.count} of ${count} seeds, ${broken.length} broke a promise`);
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort());
  await playSeeds({
    ...{ first, count, workers, ...rest, signal: interruption.signal },
    onOutcome: (outcome) => {
      summary.add(outcome);
      progress();
      if (outcome.violation) broken.push(outcome);
      return goesOn || !outcome.violation;
    },
  });
  const cores = Math.min(workers, count);
  for (const line of summary.lines({ seconds: (Date.now() - begun) / 1000, cores })) console.log(line);
  if (goesOn) for (const line of groupsOf(broken)) console.log(line);
  const [one] = broken;
  return one?.violation && { plan: drawPlan(one.seed), violation: one.violation };
}

/** For who looks on a line that is written over and over, and in a log one line a minute. */
function progressOf(line: () => string): () => void {
  const { isTTY } = process.stdout;
  let last = Date.now();
  return () => {
    if (Date.now() - last < (isTTY ? 500 : 60_000)) return;
    last = Date.now();
    process.stdout.write(isTTY ? `\r${line()}\r` : `${line()}\n`);
  };
}

/** By invariant: how many seeds broke it, and the first of them. */
function groupsOf(broken: Outcome[]): string[] {
  const groups = Map.groupBy(broken, ({ violation }) => violation?.invariant);
  return [...groups].map(([invariant, outcomes]) => {
    const { violation } = outcomes[0] as Outcome & { violation: Broken };
    const seeds = outcomes.slice(0, mostSeeds).map(({ seed }) => seed);
    return `${outcomes.length} seeds break ${invariant}: ${seeds.join(", ")}; the first one: ${violation.message.split("\n")[0]}`;
  });
}
