// Conditions: a list keyed by type, in which a time tells since when the status holds.
import type { Condition } from "@knvirt/kubernetes";

export interface Aspect {
  type: string;
  status: Condition["status"];
  reason: string;
  message?: string;
}

export const findCondition = (conditions: Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** The aspect with its time: that of the condition it continues, or now when the status is a new one. */
export function condition(previous: Condition[] | undefined, aspect: Aspect, now: Date): Condition {
  const before = findCondition(previous, aspect.type);
  const since = before?.status === aspect.status ? before.lastTransitionTime : undefined;
  return { ...aspect, lastTransitionTime: since ?? now.toISOString() };
}

/** Whether the aspect says something that the conditions do not say yet: the moment to tell people. */
export function isNews(conditions: Condition[] | undefined, { type, status, reason, message }: Aspect): boolean {
  const told = findCondition(conditions, type);
  return told?.status !== status || told.reason !== reason || told.message !== message;
}
