// Keeps `metadata.managedFields` short: beyond ten updating managers the oldest become "ancient-changes".
import { union } from "./field-set.ts";
import { compareText, identityOf, type Manager, type Managers, secondsOf } from "./managers.ts";

const maxUpdateManagers = 10;

export function capUpdateManagers(managers: Managers): Managers {
  const oldestFirst = [...managers]
    .filter(([, { operation }]) => operation === "Update")
    .sort(([left, a], [right, b]) => secondsOf(a) - secondsOf(b) || compareText(left, right));
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let surplus = oldestFirst.length - maxUpdateManagers;
  for (const [identity, manager] of oldestFirst) {
    if (surplus <= 0) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, identity);
    } else {
      fold(capped, identity, first);
      surplus -= 1;
    }
  }
  return capped;
}

/** Managers of one version share one entry, dated as the latest of them. */
function fold(managers: Map<string, Manager>, identity: string, first: string): void {
  const manager = managers.get(identity);
  if (!manager) return;
  const { apiVersion, time } = manager;
  const ancient = { manager: "ancient-changes", operation: "Update", apiVersion } as const;
  const bucket = identityOf(ancient);
  const before = managers.get(bucket) ?? managers.get(first);
  if (!managers.has(bucket)) managers.delete(first);
  managers.delete(identity);
  managers.set(bucket, { ...ancient, time, fields: union(before?.fields ?? manager.fields, manager.fields) });
}
