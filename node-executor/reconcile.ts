// What to do about one launcher pod. Pure: no I/O, no clock, no log.
import { isBeingDeleted, isFinal, phaseOf, type VirtualMachineInstance, type VmiStatus } from "@knvirt/api";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import { hasEnded, hasRun } from "./domain.ts";
import { type Failure, isWaiting } from "./errors.ts";
import { type Hurry, hurry } from "./hurry.ts";
import type { News } from "./lifecycle/news.ts";
import type { Snapshot } from "./observe.ts";
import type { StartFailure } from "./sessions.ts";
import { isApplied } from "./status/applied.ts";
import { hasReadinessProbe, isReady } from "./status/conditions.ts";
import { failedStartStatus, runningStatus } from "./status/vmi-status.ts";

export type Action =
  | { verb: "prepareNetwork"; vmi: VirtualMachineInstance }
  | { verb: "startDomain"; vmi: VirtualMachineInstance }
  /** Our fields only, decided on this state of the instance. */
  | { verb: "applyStatus"; vmi: VirtualMachineInstance; status: VmiStatus }
  | { verb: "recordFailure"; vmi: VirtualMachineInstance; failure: Failure }
  | { verb: "tell"; vmi: VirtualMachineInstance; news: News[] }
  | Hurry
  | { verb: "lookAgain"; milliseconds: number };

/** An observation whose instance is there and is to be looked after. */
type Observed = Snapshot & { vmi: VirtualMachineInstance };

/** How long a pod that is not ready yet may hold up the first report that its guest runs: one write then tells both. */
const readinessGraceMs = 1_000;
/** A launcher that agreed to start the domain and says nothing more is asked again after so long. */
export const startPatienceMs = 10_000;
const longestRetryMs = 60_000;
const [patientTries, patientRetryMs] = [10, 100];

export function reconcile(snapshot: Snapshot): Action[] {
  const inTime = hurry(snapshot);
  if (!hasInstance(snapshot) || isElsewhere(snapshot)) return inTime;
  return [...inTime, ...lookAfter(snapshot), ...tell(snapshot)];
}

function lookAfter(observed: Observed): Action[] {
  const { vmi, domain } = observed;
  if (isFinal(vmi) || (domain && hasEnded(domain))) return [];
  return domain && hasRun(domain) ? reportRunning(observed, domain) : bringUp(observed);
}

/** That the guest runs is written into the status first. */
function tell({ vmi, domain, news }: Observed): Action[] {
  const isDue = phaseOf(vmi) === "Running" || isFinal(vmi) || (domain !== undefined && hasEnded(domain));
  return isDue && news.length > 0 ? [{ verb: "tell", vmi, news }] : [];
}

const hasInstance = (snapshot: Snapshot): snapshot is Observed => snapshot.vmi !== undefined;

/** Its launcher was on another node: whatever is here belongs to nobody. */
const isElsewhere = ({ node, vmi: { status } }: Observed): boolean =>
  status?.nodeName !== undefined && status.nodeName !== node;

/** What a launcher said last may be over by now: before it answers again no instance is called Running by it. */
function reportRunning(observed: Observed, domain: DomainState): Action[] {
  if (!observed.isReachable && phaseOf(observed.vmi) !== "Running") return [];
  const wait = readinessWaitMs(observed, domain);
  return wait > 0 ? [lookAgain(wait)] : applyUnlessThere(observed.vmi, runningStatus(observed, domain));
}

/** 0 once the pod is ready, or was not in time, or the instance was reported as running before. */
function readinessWaitMs({ pod, vmi, now }: Observed, { startedAt }: DomainState): number {
  if (isReady(pod) || hasReadinessProbe(pod) || phaseOf(vmi) === "Running") return 0;
  const waited = now.getTime() - (Date.parse(startedAt) || 0);
  return waited < 0 ? 0 : Math.max(0, readinessGraceMs - waited);
}

function bringUp(observed: Observed): Action[] {
  const { pod, vmi, failure, nowMs } = observed;
  if (isBeingDeleted(pod) || isBeingDeleted(vmi)) return [];
  if (!failure) return prepareAndStart(observed);
  const wait = failure.atMs + retryMs(failure) - nowMs;
  return [...reportFailure(observed, failure), ...(wait > 0 ? [lookAgain(wait)] : prepareAndStart(observed))];
}

/** The network is made while the launcher still starts up; not so below a guest that may be running already. */
function prepareAndStart(observed: Observed): Action[] {
  const { vmi, domain, isReachable, hasNetwork, startedAtMs, nowMs } = observed;
  const isAbsent = isReachable && domain?.phase === DomainPhase.DOMAIN_PHASE_ABSENT;
  const mayPrepare = !hasNetwork && (isAbsent || (domain === undefined && phaseOf(vmi) !== "Running"));
  const prepare: Action[] = mayPrepare ? [{ verb: "prepareNetwork", vmi }] : [];
  if (!isAbsent) return prepare;
  const patience = startedAtMs === undefined ? 0 : startedAtMs + startPatienceMs - nowMs;
  return patience > 0 ? [...prepare, lookAgain(patience)] : [...prepare, { verb: "startDomain", vmi }];
}

function reportFailure(observed: Observed, failure: StartFailure): Action[] {
  const { vmi } = observed;
  if (isWorthWaiting(failure)) return [];
  const event: Action[] = failure.isReported ? [] : [{ verb: "recordFailure", vmi, failure }];
  return [...applyUnlessThere(vmi, failedStartStatus(observed, failure)), ...event];
}

/** Nothing while no node is named: the status is ours from then on. The watch tells us when it is. */
const applyUnlessThere = (vmi: VirtualMachineInstance, status: VmiStatus): Action[] =>
  vmi.status?.nodeName === undefined || isApplied(status, vmi.status) ? [] : [{ verb: "applyStatus", vmi, status }];

const lookAgain = (milliseconds: number): Action => ({ verb: "lookAgain", milliseconds });

/** What is only starting up is no failure to tell of, unless it goes on. */
const isWorthWaiting = ({ reason, count }: StartFailure): boolean => isWaiting(reason) && count <= patientTries;

function retryMs(failure: StartFailure): number {
  if (isWorthWaiting(failure)) return patientRetryMs;
  return Math.min(longestRetryMs, 1_000 * 2 ** Math.min(failure.count - 1, 10));
}
