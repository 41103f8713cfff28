// Plans in files: what once failed is played again in every run.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Plan } from "../plan/plan.ts";

export interface NamedPlan {
  name: string;
  /** What it showed. */
  why: string;
  plan: Plan;
}

const folder = join(import.meta.dirname, "..", "regressions");

export function planIn(path: string): NamedPlan {
  const { why, plan } = JSON.parse(readFileSync(path, "utf8")) as Omit<NamedPlan, "name">;
  return { name: basename(path, ".json"), why, plan };
}

export const regressions = (): NamedPlan[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => planIn(join(folder, file)));
