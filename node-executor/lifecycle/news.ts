// Which events of a launcher are told on. What it says is believed only as far as it has the form that it must have.
import { type LifecycleKind, lifecycleKinds } from "@knvirt/api";
import type { DomainEvent, DomainState } from "@knvirt/proto";

export interface News extends DomainEvent {
  kind: LifecycleKind;
}

/** As many as a launcher keeps. */
const mostEvents = 32;
/** Names of volumes are DNS labels. */
const isDiskName = (text: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** Those after the sequence, in order. Kinds that are newer than this executor are passed over. */
export function newsAfter(sequence: number, domain: DomainState | undefined, now: Date): News[] {
  return (domain?.events ?? [])
    .slice(-mostEvents)
    .filter((event): event is News => event.sequence > sequence && isKind(event.kind))
    .sort((a, b) => a.sequence - b.sequence)
    .map(({ sequence, kind, time, reason, disk, action }) => ({
      sequence,
      kind,
      time: timeOf(time, now),
      reason: wordOf(reason),
      disk: isDiskName(disk) ? disk : "",
      action: wordOf(action),
    }));
}

const isKind = (text: string): boolean => lifecycleKinds.some((kind) => kind === text);

const wordOf = (text: string): string => (/^[A-Za-z]{0,32}$/.test(text) ? text : "unknown");

/** Never later than now: it happened. */
const timeOf = (text: string, now: Date): string =>
  new Date(Math.min(Date.parse(text) || now.getTime(), now.getTime())).toISOString();
