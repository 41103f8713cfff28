// One run: a plan is played to its end in a world of its own, and each promise is held against each thing that happens.
import { isRunning, virtualMachineInstances } from "@knvirt/api";
import type { Line } from "./engine/trace.ts";
import type { WorldOptions } from "./engine/world.ts";
import { invariantsOf, Violation } from "./invariants/index.ts";
import type { Plan } from "./plan/plan.ts";
import { playAction } from "./play/actions.ts";
import { conditioningOf } from "./play/conditioning.ts";
import { type Faulting, playFault } from "./play/faults.ts";
import { type Furnished, furnish } from "./play/furnished.ts";
import { comeToRest } from "./play/rest.ts";
import { trapsOf } from "./play/traps.ts";
import { startWatchdog, type Watchdog } from "./play/watchdog.ts";

export interface Verdict {
  seed: number;
  plan: Plan;
  steps: number;
  virtualMs: number;
  writes: number;
  violation?: Violation;
  trace: readonly Line[];
  /** Of all writes and their times. */
  digest: string;
  /** How often it really happened, by kind of fault or action. */
  happened: Readonly<Record<string, number>>;
  /** Instances that run at the end. */
  running: number;
}

export interface PlayOptions {
  isTraced: boolean;
  /** Puts somebody who looks on between the API server and all that ask it. */
  counted?: WorldOptions["counted"];
}

export async function play(plan: Plan, { isTraced, counted }: PlayOptions): Promise<Verdict> {
  const watchdog = startWatchdog();
  let invariants: ReturnType<typeof invariantsOf> | undefined;
  const stage = furnish(plan, {
    isTraced,
    ...(counted && { counted }),
    onLog: watchdog.onLog,
    onLedger: (ledger) => {
      invariants = invariantsOf({ ledger });
    },
  });
  const { world } = stage;
  const check = (): void => {
    watchdog.look(world);
    invariants?.check();
  };
  let violation: Violation | undefined;
  try {
    const advance = advancing(stage, check);
    schedule(stage, plan);
    await advance(plan.lastsMs);
    heal(stage);
    const afterwardsMs = (plan.seed % 10 === 0 ? 70 : 5) * minute;
    await comeToRest(stage, { advance, afterwardsMs, atRest: () => invariants?.atRest() });
  } catch (error) {
    violation = asViolation(error);
  }
  return { ...(await close(stage, watchdog)), seed: plan.seed, plan, ...(violation && { violation }) };
}

const minute = 60_000;

const advancing =
  ({ world: { timeline } }: Furnished, check: () => void) =>
  async (untilMs: number): Promise<void> => {
    let isThere = false;
    timeline.after(untilMs - timeline.nowMs, () => {
      isThere = true;
    });
    while (!isThere) {
      await timeline.step();
      check();
    }
  };

/** A model that fails is told like the code that fails. */
const asViolation = (error: unknown): Violation =>
  error instanceof Violation
    ? error
    : new Violation("codeDoesNotFail", {
        object: "the simulation",
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });

function schedule(stage: Furnished, plan: Plan): void {
  const { world, lasting } = stage;
  const users = new Map(
    [...new Set(plan.actions.map(({ user }) => user))]
      .sort()
      .map((user) => [user, world.spawn(`user-${user}`, "kubernetes-admin")]),
  );
  const traps = trapsOf(stage, plan.lastsMs);
  const faulting: Faulting = { stage, traps, conditioning: conditioningOf(stage, plan) };
  Object.assign(world.network, { checkpoint: traps.checkpoint, lateMs: traps.lateMs });
  lasting.until(Number.POSITIVE_INFINITY, traps.clear);
  for (const action of inTime(plan, plan.actions)) {
    const user = users.get(action.user);
    if (user) world.timeline.after(action.atMs, () => playAction(stage, user, action));
  }
  for (const fault of inTime(plan, plan.faults)) world.timeline.after(fault.atMs, () => playFault(faulting, fault));
}

/** Nobody does anything any more when all is healed. */
const inTime = <Part extends { atMs: number }>({ lastsMs }: Plan, parts: Part[]): Part[] =>
  parts.filter(({ atMs }) => atMs < lastsMs);

/** What is wrong ends, and who died is back. */
function heal({ lasting, ledger, world, system, gateway, cluster }: Furnished): void {
  world.trace.add("run", "all is healed");
  ledger.run({ what: "healed" });
  lasting.endAll();
  for (const node of cluster.nodes) if (!node.isUp) node.powerOn();
  system.heal();
  gateway.ensure();
}

async function close(stage: Furnished, watchdog: Watchdog): Promise<Omit<Verdict, "seed" | "plan" | "violation">> {
  const { world, books, happened } = stage;
  const running = world.api.all(virtualMachineInstances).filter(isRunning).length;
  const { steps, nowMs: virtualMs } = world.timeline;
  const { writes, digest } = books;
  const trace = [...world.trace.lines];
  const mishaps = { ...world.network.happened };
  world.close();
  await new Promise((resolve) => setImmediate(resolve));
  watchdog.close();
  return {
    steps,
    virtualMs,
    writes,
    digest,
    trace,
    running,
    happened: { ...Object.fromEntries(happened), ...mishaps },
  };
}
