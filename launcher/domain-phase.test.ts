import { expect, test } from "@jest/globals";
import type { DomainState } from "@knvirt/libvirt";
import { DomainPhase } from "@knvirt/proto";
import { domainPhase, outcomeOf } from "./domain-phase.ts";
import type { LifeRecord } from "./record.ts";

const { DOMAIN_PHASE_ABSENT: absent, DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_PAUSED: paused } = DomainPhase;
const { DOMAIN_PHASE_SHUTDOWN: shutdown, DOMAIN_PHASE_SHUTOFF: shutoff, DOMAIN_PHASE_CRASHED: crashed } = DomainPhase;
const started = { startedAt: "2026-01-01T00:00:00Z" };
const stopped = (graceSeconds: number): LifeRecord => ({ ...started, stop: { graceSeconds, deadlineMs: 0 } });
const is = (state: DomainState["state"], reason: string): DomainState => ({ state, reason }) as DomainState;

test.each([
  { given: undefined, record: {}, want: absent },
  { given: undefined, record: started, want: crashed },
  { given: is("shutoff", "unknown"), record: {}, want: absent },
  { given: is("shutoff", "unknown"), record: started, want: crashed },
  { given: is("shutoff", "failed"), record: {}, want: absent },
  { given: is("shutoff", "failed"), record: started, want: crashed },
  { given: is("shutoff", "daemon"), record: {}, want: absent },
  { given: is("shutoff", "daemon"), record: started, want: crashed },
  { given: is("paused", "startingUp"), record: {}, want: absent },
  { given: is("paused", "user"), record: started, want: paused },
  { given: is("running", "booted"), record: {}, want: running },
  { given: is("pmSuspended", "unknown"), record: started, want: running },
  { given: is("shutdown", "user"), record: started, want: shutdown },
  { given: is("shutdown", "unknown"), record: {}, want: absent },
  { given: is("shutoff", "shutdown"), record: started, want: shutoff },
  { given: is("shutoff", "destroyed"), record: started, want: crashed },
  { given: is("shutoff", "destroyed"), record: stopped(30), want: crashed },
  { given: is("shutoff", "destroyed"), record: stopped(0), want: shutoff },
  { given: is("shutoff", "destroyed"), record: { ...stopped(30), isDeaf: true }, want: shutoff },
  { given: is("shutoff", "destroyed"), record: { ...started, isDeaf: true }, want: crashed },
  { given: is("shutoff", "crashed"), record: stopped(0), want: crashed },
  { given: is("crashed", "panicked"), record: started, want: crashed },
])("$given.state $given.reason with $record", ({ given, record, want }) =>
  expect(domainPhase(given, record).phase).toBe(want),
);

test.each([
  { phase: shutoff, reason: "shutdown", record: started, want: { exitCode: 0, message: "" } },
  {
    phase: crashed,
    reason: "crashed",
    record: started,
    want: { exitCode: 10, message: "GuestCrashed: QEMU ended unexpectedly" },
  },
  {
    phase: crashed,
    reason: "destroyed",
    record: stopped(5),
    want: { exitCode: 10, message: "GuestKilled: the guest did not shut down within 5 s and was switched off" },
  },
])("ends $phase by $reason", ({ phase, reason, record, want }) =>
  expect(outcomeOf({ phase, reason }, record)).toEqual(want),
);
