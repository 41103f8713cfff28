// Who watches a resource. Those that select by a field are found by its value, so that a change costs what it concerns.
import { withMetadata } from "../../../standalone/apiserver/object.ts";
import type { Change, WatchEvent } from "./change.ts";
import { fieldReader, type ReadField } from "./field-index.ts";
import { frozen } from "./received.ts";
import type { Selection } from "./selection.ts";

export interface Watcher {
  selection: Selection;
  /** Later changes only. */
  since: number;
  send(event: WatchEvent): void;
}

export interface Watchers {
  /** Answers how to take it away again. */
  add(watcher: Watcher): () => void;
  publish(change: Change): void;
}

interface ByValue {
  read: ReadField;
  values: Map<string, Set<Watcher>>;
}

export function watchers(): Watchers {
  const others = new Set<Watcher>();
  const fields = new Map<string, ByValue>();
  return {
    add: (watcher) => {
      const group = groupOf({ others, fields }, watcher.selection);
      group.add(watcher);
      return () => group.delete(watcher);
    },
    publish: (change) => {
      tell(others, change);
      for (const { read, values } of fields.values()) {
        const before = change.before && read(change.before);
        const after = read(change.after);
        tell(values.get(after), change);
        if (before !== undefined && before !== after) tell(values.get(before), change);
      }
    },
  };
}

function groupOf(
  { others, fields }: { others: Set<Watcher>; fields: Map<string, ByValue> },
  { by }: Selection,
): Set<Watcher> {
  if (!by) return others;
  const field = fields.get(by.path) ?? { read: fieldReader(by.path), values: new Map<string, Set<Watcher>>() };
  fields.set(by.path, field);
  const group = field.values.get(by.value) ?? new Set();
  field.values.set(by.value, group);
  return group;
}

function tell(group: Set<Watcher> | undefined, change: Change): void {
  if (!group) return;
  for (const { selection, since, send } of group) {
    if (change.revision <= since) continue; // opened by one that was told of this very change
    const event = eventOf(change, selection);
    if (event) send(event);
  }
}

/** What a change looks like to somebody who sees only what is selected; all see the same event. */
export function eventOf(change: Change, { namespace, matches }: Selection): WatchEvent | undefined {
  const { type, before, after } = change;
  if (namespace !== undefined && after.metadata.namespace !== namespace) return undefined;
  if (!matches) return eventAs(change, type);
  const was = before !== undefined && matches(before);
  const is = type !== "DELETED" && matches(after);
  if (is) return eventAs(change, was ? "MODIFIED" : "ADDED");
  if (!was) return undefined;
  return type === "DELETED" ? eventAs(change, "DELETED") : departure(change);
}

const eventAs = ({ told, after: object }: Change, type: WatchEvent["type"]): WatchEvent => {
  told[type] ??= Object.freeze({ type, object });
  return told[type];
};

/** An object that leaves a selection is shown as it was in it, with the version of the change. */
function departure({ told, before, after, revision }: Change): WatchEvent {
  told.departure ??= Object.freeze({
    type: "DELETED",
    object: frozen(withMetadata(before ?? after, { resourceVersion: String(revision) })),
  });
  return told.departure;
}
