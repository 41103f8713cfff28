// What is told of another object that need not be there: events.
import { type Kind, namespace } from "./kind.ts";

export const event: Kind = {
  ...{ kind: "Event", apiVersion: "v1", plural: "events", namespaced: true },
  content: {
    involvedObject: { kind: "Pod", namespace, name: "x" },
    ...{ reason: "Tried", message: "it was tried", type: "Normal", source: { component: "compare" } },
    ...{ firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:00Z", count: 1 },
  },
  changes: [
    { count: 2, lastTimestamp: "2026-01-02T00:00:00Z" },
    { count: "2" },
    { type: "Warning" },
    { involvedObject: { namespace: "elsewhere" } },
    { involvedObject: null },
    { lastTimestamp: "yesterday" },
    { message: null },
    { unheardOf: 1 },
  ],
  fields: ["involvedObject.name=x", "reason=Tried", "type=Normal", "reason!=Tried"],
};
