import { expect, test } from "@jest/globals";
import { container, type Fact, violationOf } from "./testing/history.ts";

const next = { pod: "next" };

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
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
  { when: "two at a time", given: [container("starts"), container("starts", next)], want: "oneLauncher" },
])("$when: $want", ({ given, want }) => expect(violationOf(given)?.invariant).toBe(want));
