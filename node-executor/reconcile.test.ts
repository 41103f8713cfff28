import { expect, test } from "@jest/globals";
import type { VmiStatus } from "@knvirt/api";
import { DomainPhase } from "@knvirt/proto";
import type { News } from "./lifecycle/news.ts";
import type { Snapshot } from "./observe.ts";
import { type Action, reconcile } from "./reconcile.ts";
import type { StartFailure } from "./sessions.ts";
import { failedStartStatus, runningStatus } from "./status/vmi-status.ts";
import { absent, aDomain, aPod, at, aVmi, node } from "./testing/objects.ts";

const [pod, vmi, domain] = [aPod(), aVmi(), aDomain()];
const [now, nowMs] = [at("12:00:01.2"), 100_000];
/** What the wall says after its clock was set, while no time went by. */
const [setBack, setAhead] = [{ now: at("11:00:01.2") }, { now: at("13:00:01.2") }];
const { status: _, ...unplaced } = vmi;
const seen = (given: Partial<Snapshot> = {}): Snapshot => ({
  node,
  pod,
  vmi,
  domain: undefined,
  isReachable: true,
  hasNetwork: false,
  startedAtMs: undefined,
  failure: undefined,
  toldOfPod: undefined,
  hurriedUntil: undefined,
  news: [],
  now,
  nowMs,
  ...given,
});
const observed = { vmi, pod, node, now };
const written = aVmi({ status: runningStatus(observed, domain) });
const failed = (changes: Partial<StartFailure> = {}): StartFailure => ({
  reason: "StartFailed",
  message: "no memory",
  atMs: nowMs,
  count: 1,
  isReported: false,
  ...changes,
});
const refused = failed();
const prepare: Action = { verb: "prepareNetwork", vmi };
const start: Action = { verb: "startDomain", vmi };
const apply = (status: VmiStatus, to = vmi): Action => ({ verb: "applyStatus", vmi: to, status });
const lookAgain = (milliseconds: number): Action => ({ verb: "lookAgain", milliseconds });
const tellFailure: Action = { verb: "recordFailure", vmi, failure: refused };
const failureStatus = failedStartStatus(observed, refused);
const running = runningStatus(observed, domain);
const deleted = { deletionTimestamp: now.toISOString() };
const [unready, ending] = [aPod({ ready: false }), aPod(deleted)];
const readinessProbe = { tcpSocket: { port: 80 } };
const probed = {
  ...unready,
  spec: { ...unready.spec, containers: [{ name: "compute", image: "i", readinessProbe }] },
};
const news: News[] = [
  { sequence: 1, kind: "started", time: now.toISOString(), reason: "booted", disk: "", action: "" },
];
const crashed = aDomain({ phase: DomainPhase.DOMAIN_PHASE_CRASHED });
const pausedByUser = aDomain({ phase: DomainPhase.DOMAIN_PHASE_PAUSED, reason: "user" });
const pausedVmi = aVmi({ status: runningStatus(observed, pausedByUser) });

test.each([
  { when: "no instance: nothing", given: seen({ vmi: undefined }), want: [] },
  {
    when: "a final instance: nothing",
    given: seen({ vmi: aVmi({ status: { phase: "Failed" } }), domain }),
    want: [],
  },
  {
    when: "an instance of another node: nothing",
    given: seen({ vmi: aVmi({ status: { nodeName: "other" } }), domain }),
    want: [],
  },
  { when: "the launcher still starts up: network first", given: seen({ isReachable: false }), want: [prepare] },
  { when: "network made, launcher not up: waits", given: seen({ isReachable: false, hasNetwork: true }), want: [] },
  {
    when: "the launcher does not answer any more, and nobody was told that its guest runs: nothing",
    given: seen({ domain, isReachable: false }),
    want: [],
  },
  { when: "no domain yet: network, start", given: seen({ domain: absent }), want: [prepare, start] },
  { when: "network made: start", given: seen({ domain: absent, hasNetwork: true }), want: [start] },
  {
    when: "adopted after a restart and silent: nothing below a guest that may run",
    given: seen({ vmi: written, isReachable: false }),
    want: [],
  },
  {
    when: "unknown is not dead: a launcher that went away after the start is left alone",
    given: seen({ domain: absent, isReachable: false, hasNetwork: true }),
    want: [],
  },
  {
    when: "a start that was agreed to is not asked for again at once",
    given: seen({ domain: absent, hasNetwork: true, startedAtMs: 99_000 }),
    want: [lookAgain(9_000)],
  },
  {
    when: "nor one of the clock's first moment",
    given: seen({ domain: absent, hasNetwork: true, startedAtMs: 0, nowMs: 1_000 }),
    want: [lookAgain(9_000)],
  },
  {
    when: "nor when the wall clock was set ahead",
    given: seen({ domain: absent, hasNetwork: true, startedAtMs: 99_000, ...setAhead }),
    want: [lookAgain(9_000)],
  },
  {
    when: "a start without consequence is asked for again",
    given: seen({ domain: absent, hasNetwork: true, startedAtMs: 90_000 }),
    want: [start],
  },
  {
    when: "also when the wall clock was set back",
    given: seen({ domain: absent, hasNetwork: true, startedAtMs: 90_000, ...setBack }),
    want: [start],
  },
  { when: "an ending pod starts nothing", given: seen({ pod: ending, domain: absent }), want: [] },
  {
    when: "a deleted instance starts nothing",
    given: seen({ vmi: aVmi({ metadata: { ...vmi.metadata, ...deleted } }), domain: absent }),
    want: [],
  },
  { when: "the guest runs: one write", given: seen({ domain }), want: [apply(running)] },
  { when: "no word of it while no node is named", given: seen({ vmi: unplaced, domain }), want: [] },
  {
    when: "though it was started",
    given: seen({ vmi: unplaced, domain: absent, hasNetwork: true }),
    want: [{ ...start, vmi: unplaced }],
  },
  { when: "what was written is not repeated", given: seen({ vmi: written, domain }), want: [] },
  { when: "nor when the launcher is away", given: seen({ vmi: written, domain, isReachable: false }), want: [] },
  { when: "readiness is waited for a moment", given: seen({ pod: unready, domain }), want: [lookAgain(800)] },
  {
    when: "but not that of a guest that is asked for it: told",
    given: seen({ pod: probed, domain }),
    want: [apply(runningStatus({ ...observed, pod: probed }, domain))],
  },
  {
    when: "and not longer",
    given: seen({ pod: unready, domain, now: at("12:00:02") }),
    want: [apply(runningStatus({ ...observed, pod: unready, now: at("12:00:02") }, domain))],
  },
  {
    when: "the guest is paused: told",
    given: seen({ vmi: written, domain: pausedByUser }),
    want: [apply(runningStatus({ ...observed, vmi: written }, pausedByUser), written)],
  },
  {
    when: "the guest goes on: the condition is taken away",
    given: seen({ vmi: pausedVmi, domain }),
    want: [apply(runningStatus({ ...observed, vmi: pausedVmi }, domain), pausedVmi)],
  },
  {
    when: "paused before it ever ran: not reported yet",
    given: seen({ domain: aDomain({ phase: DomainPhase.DOMAIN_PHASE_PAUSED, startedAt: "" }), hasNetwork: true }),
    want: [],
  },
  {
    when: "the guest ended: the pod decides",
    given: seen({ vmi: written, domain: aDomain({ phase: DomainPhase.DOMAIN_PHASE_CRASHED }) }),
    want: [],
  },
  { when: "what happened is told after the status", given: seen({ domain, news }), want: [apply(running)] },
  {
    when: "then it is",
    given: seen({ vmi: written, domain, news }),
    want: [{ verb: "tell", vmi: written, news }],
  },
  {
    when: "or before, of a guest that ended first",
    given: seen({ domain: crashed, news }),
    want: [{ verb: "tell", vmi, news }],
  },
  {
    when: "a failure is told once and waited out",
    given: seen({ domain: absent, failure: refused }),
    want: [apply(failureStatus), tellFailure, lookAgain(1_000)],
  },
  {
    when: "a failure that was told is only waited out",
    given: seen({ vmi: aVmi({ status: failureStatus }), domain: absent, failure: failed({ isReported: true }) }),
    want: [lookAgain(1_000)],
  },
  {
    when: "a failure waited out: again",
    given: seen({ domain: absent, hasNetwork: true, failure: failed({ isReported: true, atMs: 99_000 }) }),
    want: [apply(failureStatus), start],
  },
  {
    when: "also when the wall clock was set back",
    given: seen({
      domain: absent,
      hasNetwork: true,
      failure: failed({ isReported: true, atMs: 99_000 }),
      ...setBack,
    }),
    want: [apply(failedStartStatus({ ...observed, ...setBack }, refused)), start],
  },
  {
    when: "it is waited out when the wall clock was set ahead",
    given: seen({ domain: absent, failure: failed({ isReported: true }), ...setAhead }),
    want: [apply(failedStartStatus({ ...observed, ...setAhead }, refused)), lookAgain(1_000)],
  },
  {
    when: "a pod without processes yet is no failure",
    given: seen({ domain: absent, failure: failed({ reason: "PodNetworkNotFound" }) }),
    want: [lookAgain(100)],
  },
])("$when", ({ given, want }) => expect(reconcile(given)).toEqual(want));
