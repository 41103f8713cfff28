import { expect, test } from "@jest/globals";
import type { VmiStatus } from "@knvirt/api";
import { aVmi } from "../../../functions/testing/builders.ts";
import { changed, running, violationOf, vmi } from "./testing/history.ts";

test.each<{ when: string; given: VmiStatus[]; want: string | undefined }>([
  { when: "where its pod is", given: [{ nodeName: "node-1", activePods: { "pod-uid": "node-1" } }], want: undefined },
  { when: "where its pod is not", given: [{ nodeName: "node-2" }], want: "placesAreTrue" },
  { when: "with a pod of another", given: [{ activePods: { old: "node-1" } }], want: "placesAreTrue" },
  { when: "and nowhere afterwards", given: [{ nodeName: "node-1" }, {}], want: "placesAreTrue" },
])("$when: $want", ({ given, want }) => {
  const states = [vmi, ...given.map((status) => aVmi({ status }))];
  const told = states.slice(1).map((state, index) => changed(states[index] ?? state, state));
  expect(violationOf([...running, ...told])?.invariant).toBe(want);
});
