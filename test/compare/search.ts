// Runs the known cases, then cases drawn from a seed until so many requests were made, and shrinks the first one that
// shows a difference.
import fc from "fast-check";
import { cases } from "./cases.ts";
import type { Difference } from "./differences.ts";
import { reportOf } from "./report.ts";
import { casesOf } from "./request/generate.ts";
import type { Kind } from "./request/kinds.ts";
import type { Step } from "./request/step.ts";
import { type Outcome, type Pair, runCase } from "./run-case.ts";
import { prepare } from "./server/prepare.ts";
import type { Server } from "./server/server.ts";

export interface Search {
  servers: Pair<Server>;
  kinds: readonly Kind[];
  requests: number;
  seed: number;
}

interface Findings {
  requests: number;
  discovery: { steps: readonly Step[]; outcome: Outcome } | undefined;
  explained: Set<Difference>;
}

export interface Comparison {
  differs: boolean;
  /** For people. */
  report: string;
}

export async function compareServers(search: Search): Promise<Comparison> {
  await Promise.all([prepare(search.servers.embedded), prepare(search.servers.real)]);
  const findings: Findings = { requests: 0, discovery: undefined, explained: new Set() };
  await knownCases(search, findings);
  if (!findings.discovery) await drawnCases(search, findings);
  const { requests, discovery, explained } = findings;
  const again = `npm run compare -- --requests ${search.requests} --seed ${search.seed}`;
  const found = discovery ? `\n${reportOf(discovery.steps, discovery.outcome)}` : "answered alike";
  const known = [...explained].map(({ id }) => id).sort();
  return {
    differs: discovery !== undefined,
    report: `${again}: ${requests} requests, known differences: ${known.join(", ") || "none"}: ${found}`,
  };
}

async function knownCases({ servers, kinds }: Search, findings: Findings): Promise<void> {
  for (const { kind, steps } of cases) {
    if (findings.discovery || !kinds.some((one) => one.kind === kind)) continue;
    note(findings, steps, await runCase(servers, steps));
  }
}

async function drawnCases({ servers, kinds, requests, seed }: Search, findings: Findings): Promise<void> {
  const wanted = findings.requests + requests;
  const property = fc.asyncProperty(casesOf(kinds), async (steps) => {
    if (!findings.discovery && findings.requests >= wanted) return;
    const outcome = await runCase(servers, steps);
    note(findings, steps, outcome);
    if (outcome.unexplained.length > 0) throw new Error("the answers differ");
  });
  await fc.check(property, { seed, numRuns: requests });
}

/** While a case is shrunk, the last that shows a difference is the smallest. */
function note(findings: Findings, steps: readonly Step[], outcome: Outcome): void {
  findings.requests += outcome.requests;
  for (const difference of outcome.explained.keys()) findings.explained.add(difference);
  if (outcome.unexplained.length > 0) findings.discovery = { steps, outcome };
}
