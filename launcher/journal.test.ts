import { expect, test } from "@jest/globals";
import { DomainPhase } from "@knvirt/proto";
import { type Happening, happeningsBefore, withHappening } from "./journal.ts";
import type { LifeRecord } from "./record.ts";

const { DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_PAUSED: paused, DOMAIN_PHASE_ABSENT: absent } = DomainPhase;
const { DOMAIN_PHASE_SHUTOFF: shutoff, DOMAIN_PHASE_CRASHED: crashed } = DomainPhase;
const start = new Date("2026-01-01T00:00:00Z").getTime();

/** Each a minute after the one before, unless it says when. */
const told = (happenings: (Happening & { atMs?: number })[]): LifeRecord =>
  happenings.reduce<LifeRecord>(
    (record, { atMs, ...happening }, index) =>
      withHappening(record, happening, new Date(start + (atMs ?? index * 60_000))) ?? record,
    {},
  );
const kindsOf = ({ events = [] }: LifeRecord): string[] => events.map(({ kind }) => kind);

test.each<{ when: string; given: (Happening & { atMs?: number })[]; want: string[] }>([
  {
    when: "libvirt resumes before it has started",
    given: [{ kind: "resumed" }, { kind: "started" }],
    want: ["started"],
  },
  {
    when: "a pause is seen by a look, and then told by its event",
    given: [{ kind: "started" }, { kind: "paused" }, { kind: "paused" }, { kind: "resumed" }],
    want: ["started", "paused", "resumed"],
  },
  {
    when: "a panic ends the guest",
    given: [{ kind: "started" }, { kind: "panicked" }, { kind: "crashed" }, { kind: "crashed" }],
    want: ["started", "panicked", "crashed"],
  },
  {
    when: "a domain that never ran is cleared away",
    given: [{ kind: "crashed" }, { kind: "stopped" }],
    want: [],
  },
  {
    when: "the guest boots in a loop",
    given: [
      { kind: "started", atMs: 0 },
      { kind: "rebooted", atMs: 100 },
      { kind: "rebooted", atMs: 200 },
      { kind: "rebooted", atMs: 1_100 },
    ],
    want: ["started", "rebooted", "rebooted"],
  },
  {
    when: "an agent comes and goes, and libvirt says again that it is away",
    given: [
      { kind: "agentdisconnected" },
      { kind: "agentconnected" },
      { kind: "agentconnected" },
      { kind: "agentdisconnected" },
      { kind: "agentdisconnected" },
    ],
    want: ["agentconnected", "agentdisconnected"],
  },
  {
    when: "two disks fail at once",
    given: [
      { kind: "ioerror", disk: "a", atMs: 0 },
      { kind: "ioerror", disk: "b", atMs: 1 },
      { kind: "ioerror", disk: "a", atMs: 2 },
    ],
    want: ["ioerror", "ioerror"],
  },
])("tells each once when $when", ({ given, want }) => expect(kindsOf(told(given))).toEqual(want));

test("numbers go on when old events are let go", () => {
  const { events = [] } = told(Array.from({ length: 40 }, () => ({ kind: "ioerror" as const })));
  expect([events.length, events[0]?.sequence, events.at(-1)?.sequence]).toEqual([32, 9, 40]);
});

const at = new Date(start);
const recordIn = (activity: LifeRecord["activity"]): LifeRecord => (activity ? { activity } : {});

test.each<{
  phase: DomainPhase;
  reason: string;
  activity: LifeRecord["activity"];
  hasAgent?: boolean;
  want: string[];
}>([
  { phase: absent, reason: "", activity: undefined, want: [] },
  { phase: running, reason: "booted", activity: undefined, want: ["started"] },
  { phase: running, reason: "unpaused", activity: "running", want: [] },
  { phase: running, reason: "unpaused", activity: "paused", want: ["resumed"] },
  { phase: running, reason: "unpaused", activity: "running", hasAgent: true, want: ["agentconnected"] },
  { phase: paused, reason: "ioError", activity: "running", want: ["paused"] },
  { phase: paused, reason: "user", activity: undefined, want: ["started", "paused"] },
  { phase: shutoff, reason: "shutdown", activity: "running", want: ["shutdown"] },
  { phase: shutoff, reason: "destroyed", activity: "paused", want: ["stopped"] },
  { phase: crashed, reason: "destroyed", activity: "running", want: ["stopped"] },
  { phase: crashed, reason: "unknown", activity: "running", want: ["crashed"] },
  { phase: crashed, reason: "panicked", activity: undefined, want: ["started", "crashed"] },
])("that $phase by $reason is seen after $activity was led to by $want", ({ activity, want, ...seen }) => {
  const state = { ...seen, agentConnected: seen.hasAgent ?? false };
  const missed = happeningsBefore(state, recordIn(activity));
  expect(
    kindsOf(missed.reduce((record, each) => withHappening(record, each, at) ?? record, recordIn(activity))),
  ).toEqual(want);
});
