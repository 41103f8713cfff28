// Whether a status says already what we would write: then nothing is written.
import { isDeepStrictEqual } from "node:util";
import { isLauncherProblem, type VmiStatus } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import { ownConditionTypes } from "./conditions.ts";

/** Lists that merge by a key: others may own further entries. */
const listKeys = { conditions: "type", volumeStatus: "name", phaseTransitionTimestamps: "phase" };

/** Nobody else writes these. */
const ownFields = ["guestOSInfo", "fsFreezeStatus"] as const;

export function isApplied(wanted: VmiStatus, found: VmiStatus | undefined): boolean {
  if (!found || hasLeftOver(wanted, found)) return false;
  return Object.entries(wanted).every(([field, value]) => {
    const key = listKeys[field as keyof typeof listKeys];
    const current = found[field as keyof VmiStatus];
    return key ? containsEntries(current, value, key) : contains(current, value);
  });
}

/** What only we write and that does not hold any more: a condition such as Paused, or what an agent said. What the control
 * plane said of the launcher goes when that takes it back. */
function hasLeftOver(wanted: VmiStatus, found: VmiStatus): boolean {
  const isWanted = (type: string): boolean => (wanted.conditions ?? []).some((condition) => condition.type === type);
  return (
    (found.conditions ?? []).some((condition) => isOwn(condition) && !isWanted(condition.type)) ||
    ownFields.some((field) => found[field] !== undefined && wanted[field] === undefined)
  );
}

const isOwn = ({ type, reason }: Condition): boolean =>
  ownConditionTypes.has(type) && !(type === "Synchronized" && isLauncherProblem(reason));

function containsEntries(found: unknown, wanted: unknown, key: string): boolean {
  const current = (found ?? []) as Record<string, unknown>[];
  return (wanted as Record<string, unknown>[]).every((entry) =>
    contains(
      current.find((candidate) => candidate[key] === entry[key]),
      entry,
    ),
  );
}

/** Objects may have further fields; anything else is equal or not. */
function contains(found: unknown, wanted: unknown): boolean {
  if (!isObject(wanted)) return isDeepStrictEqual(found, wanted);
  return isObject(found) && Object.entries(wanted).every(([field, value]) => contains(found[field], value));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
