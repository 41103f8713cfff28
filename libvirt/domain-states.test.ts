import { expect, test } from "@jest/globals";
import { domainState, lifecycleChange } from "./domain-states.ts";

test.each([
  { given: [1, 1], want: { state: "running", reason: "booted" } },
  { given: [3, 5], want: { state: "paused", reason: "ioError" } },
  { given: [5, 3], want: { state: "shutoff", reason: "crashed" } },
  { given: [6, 1], want: { state: "crashed", reason: "panicked" } },
  { given: [5, 99], want: { state: "shutoff", reason: "unknown" } },
  { given: [99, 0], want: { state: "noState", reason: "unknown" } },
] as const)("state $given is $want", ({ given: [state, reason], want }) =>
  expect(domainState(state, reason)).toEqual(want),
);

test.each([
  { given: [0, 0], want: { event: "defined", detail: "added" } },
  { given: [2, 1], want: { event: "started", detail: "migrated" } },
  { given: [3, 2], want: { event: "suspended", detail: "ioError" } },
  { given: [5, 0], want: { event: "stopped", detail: "shutdown" } },
  { given: [5, 5], want: { event: "stopped", detail: "failed" } },
  { given: [6, 2], want: { event: "shutdown", detail: "host" } },
  { given: [8, 0], want: { event: "crashed", detail: "panicked" } },
  { given: [9, 0], want: undefined },
] as const)("lifecycle event $given is $want", ({ given: [event, detail], want }) =>
  expect(lifecycleChange(event, detail)).toEqual(want),
);
