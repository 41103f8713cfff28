// Everything a decision about one launcher pod is made from, looked at now.
import { label, launcherContainer, type VirtualMachineInstance } from "@knvirt/api";
import type { Clock, Pod } from "@knvirt/kubernetes";
import type { DomainState } from "@knvirt/proto";
import { hasRun } from "./domain.ts";
import type { News } from "./lifecycle/news.ts";
import type { Session, StartFailure } from "./sessions.ts";
import type { VmiCopies } from "./vmi-copies.ts";

export interface Snapshot {
  node: string;
  pod: Pod;
  /** The instance that the pod was made for; undefined when there is none any more. */
  vmi: VirtualMachineInstance | undefined;
  /** What the launcher last said of its domain; undefined until it said anything. */
  domain: DomainState | undefined;
  isReachable: boolean;
  hasNetwork: boolean;
  /** When the launcher that answers now agreed to start the domain, by `elapsedMs`. */
  startedAtMs: number | undefined;
  failure: StartFailure | undefined;
  /** Version of the pod that its instance's status was last written from. */
  toldOfPod: string | undefined;
  /** When the pod has to have ended, as its launcher was told last. */
  hurriedUntil: string | undefined;
  /** What happened to the guest and no event tells yet. */
  news: News[];
  /** What the wall says: for what other machines wrote down, and for what people read. */
  now: Date;
  /** By `elapsedMs`, which never jumps: for how long something took. */
  nowMs: number;
}

export interface Sources {
  node: string;
  copies: VmiCopies;
  newsOf(session: Session): News[];
  clock: Clock;
}

export async function observe({ node, copies, newsOf, clock }: Sources, session: Session): Promise<Snapshot> {
  const { pod, launcher, interfaces, startedAtMs, failure, toldOfPod, hurriedUntil } = session;
  const vmi = await instanceOf(session, copies);
  return {
    node,
    pod,
    vmi: vmi && isMadeFor(pod, vmi) ? vmi : undefined,
    domain: launcher.domain,
    isReachable: launcher.isReachable,
    hasNetwork: interfaces !== undefined,
    startedAtMs: isForgotten(session) ? undefined : startedAtMs,
    failure,
    toldOfPod,
    hurriedUntil,
    news: newsOf(session),
    now: clock.now(),
    nowMs: clock.elapsedMs(),
  };
}

/** The launcher that agreed to start the domain is not the one that answers now. */
const isForgotten = ({ launcher: { reachableSinceMs }, startedAtMs }: Session): boolean =>
  startedAtMs !== undefined && reachableSinceMs !== undefined && startedAtMs < reachableSinceMs;

/** One read when the watch does not know it yet; one more before its status is decided on, which an old copy may not be. */
async function instanceOf(session: Session, copies: VmiCopies): Promise<VirtualMachineInstance | undefined> {
  const copy = copies.get(session.vmi);
  const { launcher, failure } = session;
  const isToBeReported = failure !== undefined || (launcher.domain !== undefined && hasRun(launcher.domain));
  const isCurrent = copies.isFollowed(session.vmi) || !isToBeReported;
  return copy && isCurrent ? copy : copies.fetch(session.vmi);
}

const isMadeFor = ({ metadata: { labels } }: Pod, { metadata: { uid } }: VirtualMachineInstance): boolean =>
  uid !== undefined && labels?.[label.createdBy] === uid;

/** A pod whose launcher is, or is about to be, up. */
export function isRunning({ metadata, status }: Pod): boolean {
  const container = status?.containerStatuses?.find(({ name }) => name === launcherContainer);
  return metadata.uid !== undefined && status?.phase === "Running" && container?.state?.terminated === undefined;
}
