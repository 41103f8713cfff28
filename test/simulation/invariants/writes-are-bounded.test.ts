import { expect, test } from "@jest/globals";
import { changed, created, type Fact, functions, violationOf, vm } from "./testing/history.ts";

const ours = changed(vm, { ...vm }, { ...functions, manager: "any" });
const byUser = changed(vm, { ...vm });
const times = (count: number, facts: Fact[]): Fact[] => Array.from({ length: count }, () => facts).flat();

test.each<{ when: string; given: Fact[]; stepMs: number; want: string | undefined }>([
  { when: "a few for nothing", given: times(8, [ours]), stepMs: 10_000, want: undefined },
  { when: "many for nothing", given: times(30, [ours]), stepMs: 10_000, want: "writesAreBounded" },
  { when: "many, with a reason each", given: times(100, [byUser, ours]), stepMs: 10_000, want: undefined },
  {
    when: "too many in a minute, with a reason each",
    given: times(100, [byUser, ours]),
    stepMs: 1,
    want: "writesAreBounded",
  },
])("$when: $want", ({ given, stepMs, want }) =>
  expect(violationOf([created(vm), ...given], { stepMs })?.invariant).toBe(want),
);
