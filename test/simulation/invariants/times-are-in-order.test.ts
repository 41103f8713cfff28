import { expect, test } from "@jest/globals";
import type { VmiPhase } from "@knvirt/api";
import { aVmi } from "../../../functions/testing/builders.ts";
import { beginning } from "../engine/simulated-process.ts";
import { changed, type Fact, violationOf, vmi } from "./testing/history.ts";

const stamped = (reached: [phase: VmiPhase, ms: number][]) =>
  aVmi({
    status: {
      phaseTransitionTimestamps: reached.map(([phase, ms]) => ({
        phase,
        phaseTransitionTimestamp: new Date(beginning + ms).toISOString(),
      })),
    },
  });
const first = stamped([["Pending", 0]]);
const jump: Fact = (ledger) => ledger.clock({ process: "x", byMs: 1 });

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  {
    when: "in order",
    given: [
      changed(
        vmi,
        stamped([
          ["Pending", 0],
          ["Scheduling", 900],
        ]),
      ),
    ],
    want: undefined,
  },
  {
    when: "by whole seconds",
    given: [
      changed(
        vmi,
        stamped([
          ["Pending", 900],
          ["Scheduling", 0],
        ]),
      ),
    ],
    want: undefined,
  },
  {
    when: "out of order",
    given: [
      changed(
        vmi,
        stamped([
          ["Running", -5_000],
          ["Pending", 0],
        ]),
      ),
    ],
    want: "timesAreInOrder",
  },
  { when: "in the future", given: [changed(vmi, stamped([["Pending", 60_000]]))], want: "timesAreInOrder" },
  {
    when: "in the future, by a clock that was set",
    given: [jump, changed(vmi, stamped([["Pending", 60_000]]))],
    want: undefined,
  },
  {
    when: "told otherwise",
    given: [changed(vmi, first), changed(first, stamped([["Pending", 1]]))],
    want: "timesAreInOrder",
  },
])("$when: $want", ({ given, want }) => expect(violationOf(given)?.invariant).toBe(want));
