// One case on both servers: the same requests one after another, each answer compared before the next is sent.
import { setTimeout as sleep } from "node:timers/promises";
import { differing } from "./answer/differing.ts";
import { normalAnswer, normalEvents } from "./answer/normal.ts";
import { type Symbols, symbols } from "./answer/symbols.ts";
import { type Difference, explanationOf, type Found } from "./differences.ts";
import { emptyMemory, type Memory, remember, sentFor } from "./request/memory.ts";
import type { Step } from "./request/step.ts";
import { removeOwn } from "./server/remove-own.ts";
import type { Answer, Server, Watch } from "./server/server.ts";

export interface Pair<Of> {
  embedded: Of;
  real: Of;
}

interface Side {
  server: Server;
  memory: Memory;
  symbols: Symbols;
  watches: { step: Step; watch: Watch }[];
}

export interface Outcome {
  requests: number;
  /** With nothing that explains them; the case ends at the first request that has any. */
  unexplained: Found[];
  explained: Map<Difference, Found>;
}

export async function runCase(servers: Pair<Server>, steps: readonly Step[]): Promise<Outcome> {
  const [embedded, real] = await Promise.all([sideOf(servers.embedded, steps), sideOf(servers.real, steps)]);
  const sides = { embedded, real };
  const outcome: Outcome = { requests: 0, unexplained: [], explained: new Map() };
  try {
    for (const step of steps) {
      outcome.requests += 1;
      const answers = await both(sides, (side) => answerOf(side, step));
      const goesOn = judge(outcome, step, answers);
      if (outcome.unexplained.length > 0) return outcome;
      // From here on each server has objects of its own.
      if (!goesOn || endsCase(step)) return outcome;
    }
    await judgeWatches(sides, outcome);
    return outcome;
  } finally {
    await both(sides, async ({ server, watches }) => {
      for (const { watch } of watches) watch.close();
      await removeOwn(server, steps);
    });
  }
}

async function sideOf(server: Server, [first]: readonly Step[]): Promise<Side> {
  const { body } = await server.call({ method: "GET", path: `${first?.path}?limit=1` });
  return { server, memory: emptyMemory(body.metadata?.resourceVersion ?? "1"), symbols: symbols(), watches: [] };
}

async function both<T>(sides: Pair<Side>, act: (side: Side) => Promise<T>): Promise<Pair<T>> {
  const [embedded, real] = await Promise.all([act(sides.embedded), act(sides.real)]);
  return { embedded, real };
}

const opened: Answer = { code: 200, body: {}, warnings: [] };

async function answerOf(side: Side, step: Step): Promise<Answer> {
  const sent = sentFor(step, side.memory);
  if (step.watch) {
    const watch = side.server.watch(sent.path);
    await watch.opened;
    side.watches.push({ step, watch });
    return normalAnswer(watch.refusal ?? opened, side.symbols);
  }
  const answer = await side.server.call(sent);
  remember(side.memory, step, answer);
  return normalAnswer(answer, side.symbols);
}

/** Answers whether both are in the same state still. */
function judge(outcome: Outcome, step: Step, answers: Pair<Answer>): boolean {
  const { embedded, real } = answers;
  // Where the codes differ, that the bodies do too says no more.
  const parts = comparedParts(answers);
  const found = parts.flatMap((part) => differing(embedded[part], real[part], part));
  note(
    outcome,
    found.map((one) => ({ ...one, step, answers })),
  );
  if (step.method === "GET") return true;
  return embedded.code < 300 === real.code < 300 && !found.some(({ path }) => changesState.test(path));
}

/** Where these differ, however well explained, what follows is about different objects. */
const changesState = /^body\.(metadata\.(resourceVersion|managedFields|deletion)|spec|status)/;

function comparedParts({ embedded, real }: Pair<Answer>) {
  if (embedded.code !== real.code) return ["code"] as const;
  return embedded.code < 300 ? (["body", "warnings"] as const) : (["body"] as const);
}

function note(outcome: Outcome, found: Found[]): void {
  for (const one of found) {
    const difference = explanationOf(one);
    if (difference) outcome.explained.set(difference, one);
    else outcome.unexplained.push(one);
  }
}

/** What then follows is done by controllers, each in its own time. */
function endsCase({ method, path, query, body }: Step): boolean {
  const sent = body as { propagationPolicy?: string; orphanDependents?: boolean } | undefined;
  const policy = sent?.propagationPolicy ?? query?.propagationPolicy ?? "Background";
  const leavesWork = policy !== "Background" || sent?.orphanDependents === true;
  return method === "DELETE" && (leavesWork || path.includes("/namespaces/compare-"));
}

const quietMs = 20;
/** Only where events are missing: a busy machine may be late with them. */
const patienceMs = 3_000;

/** An etcd that is older than the API server would have it: such watches are not to be had there. */
const lacksProgress = ({ lines }: Watch): boolean =>
  JSON.stringify(lines[0]?.object.message ?? "").includes("RequestWatchProgress");

async function judgeWatches(sides: Pair<Side>, outcome: Outcome): Promise<void> {
  if (sides.real.watches.length === 0) return;
  const counts = (side: Side) => side.watches.map(({ watch }) => watch.lines.length).join();
  const since = Date.now();
  do await sleep(quietMs);
  while (counts(sides.embedded) !== counts(sides.real) && Date.now() - since < patienceMs);
  for (const [index, { step, watch }] of sides.real.watches.entries()) {
    const other = sides.embedded.watches[index]?.watch;
    if (!other || watch.refusal || other.refusal || lacksProgress(watch)) continue;
    const answers = {
      embedded: { ...opened, body: { events: normalEvents(other, sides.embedded.symbols) } },
      real: { ...opened, body: { events: normalEvents(watch, sides.real.symbols) } },
    };
    judge(outcome, step, answers);
  }
}
