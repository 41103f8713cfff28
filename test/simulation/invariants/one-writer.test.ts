import { expect, test } from "@jest/globals";
import { disk, type Fact, violationOf } from "./testing/history.ts";

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  {
    when: "one after the other",
    given: [disk("opens"), disk("closes"), disk("opens", { pod: "next" })],
    want: undefined,
  },
  { when: "a second one", given: [disk("opens"), disk("opens", { pod: "next" })], want: "oneWriter" },
  {
    when: "a third one, after the second closed what it had not",
    given: [disk("opens"), disk("closes", { pod: "next" }), disk("opens", { pod: "third" })],
    want: "oneWriter",
  },
])("$when: $want", ({ given, want }) => expect(violationOf(given)?.invariant).toBe(want));
