// The heartbeat: what the executor says of its node, kept true in the API.
import { type Client, type Clock, hasMoved, nodes, systemClock } from "@knvirt/kubernetes";
import { component } from "../events.ts";
import type { Log } from "../log.ts";
import { heartbeatMs, isDue, type NodeFacts, nodeUpdate, type Told } from "./facts.ts";

export interface ReportOptions {
  client: Client;
  node: string;
  facts(now: Date): NodeFacts;
  /** These facts are in the API. */
  onTold?(facts: NodeFacts): void;
  log: Log;
  clock?: Clock;
}

export interface NodeReport {
  /** Something may have changed. */
  look(): void;
  /** The last word: no launcher pods any more. Throws when that cannot be said. */
  close(): Promise<void>;
}

/** A registration that comes and goes with the kubelet is told of once it has settled. */
const settleMs = 250;
/** So long a node that is getting ready says nothing. */
const gettingReadyMs = 2_000;
/** A node may not be registered yet when its executor starts; one that stays away is asked for less and less often. */
const [firstRetryMs, longestRetryMs] = [100, 10_000];

export function reportNode(options: ReportOptions): NodeReport {
  const { facts, onTold, log, clock = systemClock } = options;
  const state: State = { failures: 0 };
  const tell = teller(options);
  const schedule = (afterMs: number): void => {
    state.callOff?.();
    if (!state.isClosed) state.callOff = clock.after(afterMs, beat);
  };
  const beat = (): void => {
    state.telling ??= once().finally(() => delete state.telling);
  };
  const once = async (): Promise<void> => {
    const [now, nowMs] = [clock.now(), clock.elapsedMs()];
    const wanted = facts(now);
    try {
      if (isDue(wanted, state.last, nowMs)) {
        await tell(wanted, now);
        state.last = { facts: wanted, atMs: nowMs };
        state.failures = 0;
        delete state.complaint;
        onTold?.(wanted);
      }
      schedule(untilDue(state.last, nowMs));
    } catch (err) {
      const { message } = err as Error;
      if (message !== state.complaint) log.warn({ err }, "the API cannot be told of the node: it is tried again");
      state.complaint = message;
      schedule(Math.min(longestRetryMs, firstRetryMs * 2 ** state.failures));
      state.failures += 1;
    }
  };
  schedule(facts(clock.now()).isSchedulable ? 0 : gettingReadyMs);
  return {
    look: () => schedule(settleMs),
    close: async () => {
      state.isClosed = true;
      state.callOff?.();
      await state.telling;
      if (state.last) await tell({ ...state.last.facts, isSchedulable: false }, clock.now());
    },
  };
}

interface State {
  /** In a row. */
  failures: number;
  last?: Told;
  callOff?: () => void;
  telling?: Promise<void>;
  isClosed?: boolean;
  complaint?: string;
}

const untilDue = (last: Told | undefined, nowMs: number): number =>
  last ? Math.max(0, last.atMs + heartbeatMs - nowMs) : 0;

/** Reads the node once, and again when it is another one by now. */
function teller({ client, node }: ReportOptions): (facts: NodeFacts, now: Date) => Promise<void> {
  let known: string | undefined;
  return async (facts, now) => {
    known ??= (await client.find(nodes, { name: node }))?.metadata.uid;
    if (!known) throw new Error(`node ${node} is not registered yet: waiting for it`);
    try {
      await client.apply(nodes, nodeUpdate({ name: node, uid: known }, facts, now), {
        manager: component,
        force: true,
      });
    } catch (error) {
      if (hasMoved(error)) known = undefined;
      throw error;
    }
  };
}
