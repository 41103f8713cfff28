// What happened to the guest, each event numbered and kept over restarts of this process, for the executor to pass on.
import type { LifecycleKind } from "@knvirt/api";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import type { LifeRecord } from "./record.ts";

export interface Happening {
  kind: LifecycleKind;
  reason?: string;
  /** Name in the VMI's spec. */
  disk?: string;
  action?: string;
}

/** What an event changes; undefined when it is told already. */
type Change = Pick<LifeRecord, "activity" | "hasAgent"> | undefined;
type Activity = LifeRecord["activity"];

/** From which activities a happening leads to which: what leads nowhere is told already. */
const moves: Partial<Record<LifecycleKind, { from: Activity[]; to: NonNullable<Activity> }>> = {
  started: { from: [undefined], to: "running" },
  paused: { from: ["running"], to: "paused" },
  resumed: { from: ["paused"], to: "running" },
  shutdown: { from: ["running", "paused"], to: "ended" },
  stopped: { from: ["running", "paused"], to: "ended" },
  crashed: { from: ["running", "paused"], to: "ended" },
};

const agents: Partial<Record<LifecycleKind, boolean>> = { agentconnected: true, agentdisconnected: false };

/** Guests can repeat these as fast as they like. */
const repeatable: readonly LifecycleKind[] = ["rebooted", "watchdog", "ioerror", "panicked"];
const repeatedAfterMs = 1_000;
/** An executor that is away for longer than these take has missed the older ones. */
const mostEvents = 32;

/** The record with the happening; undefined when it is no news. */
export function withHappening(record: LifeRecord, happening: Happening, now: Date): LifeRecord | undefined {
  const { events = [] } = record;
  const { kind, reason = "", disk = "", action = "" } = happening;
  const change = changeBy(record, happening, now);
  if (!change) return undefined;
  const sequence = (events.at(-1)?.sequence ?? 0) + 1;
  const event = { sequence, kind, time: now.toISOString(), reason, disk, action };
  return { ...record, ...change, events: [...events, event].slice(-mostEvents) };
}

function changeBy(record: LifeRecord, happening: Happening, now: Date): Change {
  const [move, hasAgent] = [moves[happening.kind], agents[happening.kind]];
  if (move) return move.from.includes(record.activity) ? { activity: move.to } : undefined;
  // libvirt says of each domain that it starts or finds that its agent is away.
  if (hasAgent !== undefined) return hasAgent === (record.hasAgent ?? false) ? undefined : { hasAgent };
  return isRepeated(record, happening, now) ? undefined : {};
}

function isRepeated({ events = [] }: LifeRecord, { kind, disk = "" }: Happening, now: Date): boolean {
  if (!repeatable.includes(kind)) return false;
  const last = events.findLast((event) => event.kind === kind && event.disk === disk);
  return last !== undefined && now.getTime() - Date.parse(last.time) < repeatedAfterMs;
}

const { DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_PAUSED: paused } = DomainPhase;
const { DOMAIN_PHASE_SHUTOFF: shutoff, DOMAIN_PHASE_CRASHED: crashed } = DomainPhase;

type Seen = Pick<DomainState, "phase" | "reason" | "agentConnected">;

/** What must have happened that the state is this one, for all that was missed while libvirt was away. */
export function happeningsBefore({ phase, reason, agentConnected }: Seen, record: LifeRecord): Happening[] {
  const start: Happening[] = record.activity === undefined ? [{ kind: "started", reason: "booted" }] : [];
  if (phase === shutoff || phase === crashed) return [...start, endingBy(phase, reason)];
  const agent: Happening = { kind: agentConnected ? "agentconnected" : "agentdisconnected" };
  if (phase === running) return [...start, { kind: "resumed", reason }, agent];
  return phase === paused ? [...start, { kind: "paused", reason }, agent] : [];
}

function endingBy(phase: DomainPhase, reason: string): Happening {
  if (reason === "shutdown") return { kind: "shutdown", reason };
  return { kind: reason === "destroyed" || phase === shutoff ? "stopped" : "crashed", reason };
}
