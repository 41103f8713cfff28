import { expect, it, test } from "@jest/globals";
import { isDue, nodeUpdate } from "./facts.ts";

const at = (time: string): Date => new Date(`2026-01-02T${time}Z`);
const facts = { isSchedulable: true, certificates: "one" };
const last = { facts, atMs: 0 };

test.each([
  { when: "nothing was said yet", facts, last: undefined, nowMs: 0, want: true },
  { when: "it was said just now", facts, last, nowMs: 59_999, want: false },
  { when: "a minute has passed", facts, last, nowMs: 60_000, want: true },
  { when: "the node fails", facts: { ...facts, isSchedulable: false }, last, nowMs: 1_000, want: true },
  { when: "the certificate is new", facts: { ...facts, certificates: "two" }, last, nowMs: 1_000, want: true },
])("is due when $when: $want", (row) => expect(isDue(row.facts, row.last, row.nowMs)).toBe(row.want));

it("says all in one", () => {
  expect(nodeUpdate({ name: "n1", uid: "u1" }, facts, at("12:00:00.123"))).toEqual({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "n1",
      uid: "u1",
      labels: { "kubevirt.io/schedulable": "true" },
      annotations: {
        "kubevirt.io/heartbeat": "2026-01-02T12:00:00Z",
        "knvirt.dev/executor-certificate": "one",
      },
    },
  });
});
