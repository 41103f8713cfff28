// What libvirt's state of the domain means for the guest's life, and how the launcher ends with it.
import { launcherExit } from "@knvirt/api";
import type { DomainState } from "@knvirt/libvirt";
import { DomainPhase } from "@knvirt/proto";
import type { LifeRecord } from "./record.ts";

export interface Phase {
  phase: DomainPhase;
  /** libvirt's word. */
  reason: string;
}

const { DOMAIN_PHASE_ABSENT: absent, DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_PAUSED: paused } = DomainPhase;
const { DOMAIN_PHASE_SHUTDOWN: shutdown, DOMAIN_PHASE_SHUTOFF: shutoff, DOMAIN_PHASE_CRASHED: crashed } = DomainPhase;

type Rule = (reason: string, record: LifeRecord) => DomainPhase;

const phases: Record<DomainState["state"], Rule> = {
  noState: () => absent,
  running: () => running,
  blocked: () => running,
  pmSuspended: () => running,
  // QEMU is there, but libvirt has not finished starting the domain.
  paused: (reason) => (reason === "startingUp" ? absent : paused),
  // What a daemon that died had started by half, the next one tells to end before it ran.
  shutdown: (_reason, { startedAt }) => (startedAt ? shutdown : absent),
  shutoff: (reason, record) => endings[reason]?.(record) ?? crashed,
  crashed: () => crashed,
};

/** How a domain that is off came to be so; crashed is all that is not here. */
const endings: Record<string, (record: LifeRecord) => DomainPhase> = {
  shutdown: () => shutoff,
  saved: () => shutoff,
  migrated: () => shutoff,
  // Without a grace period, or without a way to ask the guest, switching off is the order itself.
  destroyed: ({ stop, isDeaf }) => (stop && (isDeaf || stop.graceSeconds === 0) ? shutoff : crashed),
  // Either it was never on, or it went away while nobody looked: with QEMU's -no-shutdown only by a crash.
  unknown: ({ startedAt }) => (startedAt ? crashed : absent),
  // Starting it failed: who asked for that is told.
  failed: ({ startedAt }) => (startedAt ? crashed : absent),
  // libvirt died while it started the domain, and cleared away what it then found half done.
  daemon: ({ startedAt }) => (startedAt ? crashed : absent),
};

export function domainPhase(state: DomainState | undefined, record: LifeRecord): Phase {
  if (state) return { phase: phases[state.state](state.reason, record), reason: state.reason };
  return record.startedAt ? { phase: crashed, reason: "unknown" } : { phase: absent, reason: "" };
}

export const hasEnded = ({ phase }: Phase): boolean => phase === shutoff || phase === crashed;

/** The end of this process. The message is what people read of a guest that failed. */
export interface Outcome {
  exitCode: number;
  message: string;
}

export function outcomeOf({ phase, reason }: Phase, { stop }: LifeRecord): Outcome {
  if (phase === shutoff) return { exitCode: launcherExit.guestEnded, message: "" };
  const text =
    reason === "destroyed" && stop
      ? `GuestKilled: the guest did not shut down within ${stop.graceSeconds} s and was switched off`
      : (failures[reason] ?? `GuestCrashed: the guest ended without shutting down: ${reason}`);
  return { exitCode: launcherExit.failed, message: text };
}

const failures: Record<string, string> = {
  crashed: "GuestCrashed: QEMU ended unexpectedly",
  panicked: "GuestPanicked: the guest's kernel panicked",
  unknown: "GuestCrashed: QEMU ended unexpectedly while libvirt was away",
  destroyed: "GuestKilled: the guest was switched off by somebody other than the launcher",
};
