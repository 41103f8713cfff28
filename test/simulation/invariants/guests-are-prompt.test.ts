import { expect, test } from "@jest/globals";
import {
  changed,
  container,
  created,
  type Fact,
  guest,
  inPhase,
  pod,
  violationOf,
  vm,
  vmi,
} from "./testing/history.ts";

const healed: Fact = (ledger) => ledger.run({ what: "healed" });
const tick = changed(vm, { ...vm });
const begin = [created(vm), created(vmi), created(pod), container("starts")];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "not yet healed, and nobody starts it", given: [tick, tick], want: undefined },
  { when: "healed, and nobody starts it", given: [healed, tick, tick], want: "guestsArePrompt" },
  { when: "healed, and its start fails now and then", given: [healed, guest("startFailed"), tick], want: undefined },
  { when: "healed, and it runs untold", given: [healed, guest("runs"), tick, tick], want: "guestsArePrompt" },
  {
    when: "healed, and it runs as told",
    given: [healed, guest("runs"), changed(vmi, inPhase("Running")), tick, tick],
    want: undefined,
  },
  { when: "healed, and it is to end", given: [healed, container("terminate"), tick, tick], want: undefined },
])("$when: $want", ({ given, want }) =>
  expect(violationOf([...begin, ...given], { stepMs: 160_000 })?.invariant).toBe(want),
);
