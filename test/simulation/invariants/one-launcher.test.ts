import { expect, test } from "@jest/globals";
import { container, created, type Fact, inPhase, pod, violationOf, vmi } from "./testing/history.ts";

const ours = { user: "knvirt-functions" };

const next = { pod: "next" };

test.each<{ when: string; given: Fact[]; stepMs?: number; want: string | undefined }>([
  {
    when: "of two instances",
    given: [container("starts"), container("starts", { ...next, vmi: "other" })],
    want: undefined,
  },
  {
    when: "one after the other",
    given: [container("starts"), container("ends"), container("starts", next)],
    want: undefined,
  },
  { when: "a pod for a new instance", given: [created(vmi), created(pod, ours)], want: undefined },
  {
    when: "a pod for one that has just ended, as who made it could not know",
    given: [created(inPhase("Failed")), created(pod, ours)],
    want: undefined,
  },
  {
    when: "a pod for one that has ended",
    given: [created(inPhase("Failed")), created(pod, ours)],
    stepMs: 61_000,
    want: "oneLauncher",
  },
  { when: "two at a time", given: [container("starts"), container("starts", next)], want: "oneLauncher" },
])("$when: $want", ({ given, stepMs, want }) =>
  expect(violationOf(given, { ...(stepMs && { stepMs }) })?.invariant).toBe(want),
);
