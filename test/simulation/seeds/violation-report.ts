// What is told of a violation: what was broken, the shortest plan that breaks it, and what happened there.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineText } from "../engine/trace.ts";
import type { Plan } from "../plan/plan.ts";
import { shrink } from "../plan/shrink.ts";
import { planInWords } from "../plan/words.ts";
import { play, type Verdict } from "../run.ts";
import type { Broken } from "./outcome.ts";

export interface Found {
  plan: Plan;
  violation: Broken;
}

export interface ReportOptions {
  isShrunk: boolean;
  /** The whole trace. */
  isTraced: boolean;
}

const shrinkingMs = 55_000;
const lastLines = 60;
const lineLength = 220;

export async function reportViolation({ plan, violation }: Found, options: ReportOptions): Promise<string[]> {
  const { best, told } = options.isShrunk ? await shrunk(plan, violation) : { best: plan, told: "the plan" };
  const again = await play(best, { isTraced: true });
  const broken = again.violation ?? violation;
  return [
    `violation of ${violation.invariant} by seed ${plan.seed}`,
    `  ${broken.message}`,
    "",
    `${told}:`,
    ...planInWords(best).map((line) => `  ${line}`),
    "",
    ...traceOf(again, options.isTraced),
    "",
    `again: npm run simulate -- --seed ${plan.seed} --seeds 1`,
    `the plan above: npm run simulate -- --plan ${kept(best)}`,
  ];
}

async function shrunk(plan: Plan, { invariant }: Broken): Promise<{ best: Plan; told: string }> {
  const begun = Date.now();
  const { plan: best, tried } = await shrink(plan, {
    fails: async (candidate) => (await play(candidate, { isTraced: false })).violation?.invariant === invariant,
    isOver: () => Date.now() - begun > shrinkingMs,
  });
  const seconds = Math.round((Date.now() - begun) / 1000);
  return { best, told: `the plan, from ${sizeOf(plan)} to ${sizeOf(best)} by ${tried} runs in ${seconds} s` };
}

const sizeOf = ({ actions, faults }: Plan): string => `${actions.length} actions and ${faults.length} faults`;

function traceOf({ trace }: Verdict, isWhole: boolean): string[] {
  const lines = trace.map((line) => lineText({ ...line, text: plain(line.text) }));
  if (isWhole) return ["the trace:", ...lines];
  const last = lines
    .slice(-lastLines)
    .map((line) => (line.length > lineLength ? `${line.slice(0, lineLength)} …` : line));
  return [`the end of the trace, of ${lines.length} lines (all with --trace):`, ...last];
}

/** Without what each request says again. */
const plain = (text: string): string =>
  text
    .replace(/ \/apis?\/(?:[a-z0-9.]+\/)?v1\/(?:namespaces\/default\/)?/, " ")
    .replace(/"apiVersion":"[^"]*","kind":"[^"]*",/g, "")
    .replace(/"name":"[^"]*","namespace":"default",?|"namespace":"default","name":"[^"]*",?/g, "");

function kept(plan: Plan): string {
  const path = join(tmpdir(), `knvirt-simulation-${plan.seed}.json`);
  writeFileSync(path, `${JSON.stringify({ why: "", plan }, undefined, 2)}\n`);
  return path;
}
