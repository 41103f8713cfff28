import { expect, test } from "@jest/globals";
import { aVm } from "../../../functions/testing/builders.ts";
import { changed, created, type Fact, functions, inPhase, removed, violationOf, vm, vmi } from "./testing/history.ts";

const counting = (consecutiveFailCount: number) =>
  aVm({ runStrategy: "Always", status: { startFailure: { consecutiveFailCount, lastFailedVMIUID: "vmi-uid" } } });
const failed = inPhase("Failed");
const before: Fact[] = [
  created(vm),
  created(vmi),
  changed(vmi, failed),
  changed(vm, counting(1), functions),
  removed(failed),
];
const start = created(vmi, functions);
const jump: Fact = (ledger) => ledger.clock({ process: "x", byMs: 1 });

test.each<{ when: string; stepMs: number; given: Fact[]; want: string | undefined }>([
  { when: "at once", stepMs: 1_000, given: [start], want: "startsAreSpaced" },
  { when: "after a while", stepMs: 6_000, given: [start], want: undefined },
  { when: "at once, as a user wants it", stepMs: 1_000, given: [changed(counting(1), vm), start], want: undefined },
  { when: "at once, after a clock was set", stepMs: 1_000, given: [jump, start], want: undefined },
])("again $when: $want", ({ stepMs, given, want }) =>
  expect(violationOf([...before, ...given], { stepMs })?.invariant).toBe(want),
);
