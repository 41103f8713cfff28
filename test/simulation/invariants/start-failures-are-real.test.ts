import { expect, test } from "@jest/globals";
import { aVm } from "../../../functions/testing/builders.ts";
import {
  changed,
  container,
  created,
  type Fact,
  functions,
  guest,
  inPhase,
  pod,
  violationOf,
  vm,
  vmi,
} from "./testing/history.ts";

const counting = (consecutiveFailCount: number, lastFailedVMIUID = "vmi-uid") =>
  aVm({ runStrategy: "Always", status: { startFailure: { consecutiveFailCount, lastFailedVMIUID } } });
const own = { ...functions, manager: "other" };
const told = (before: typeof vm, after: typeof vm, by: object = own): Fact => changed(before, after, by);
const begin = [created(vm), created(vmi), created(pod), container("starts")];
const fails = [container("ends", { exitCode: 10 }), changed(vmi, inPhase("Failed"))];
const runs = [guest("runs"), changed(vmi, inPhase("Running"))];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "one that failed", given: [...fails, told(vm, counting(1))], want: undefined },
  { when: "one that has not ended", given: [told(vm, counting(1))], want: "startFailuresAreReal" },
  { when: "one that ran", given: [...runs, ...fails, told(vm, counting(1))], want: "startFailuresAreReal" },
  { when: "one for two", given: [...fails, told(vm, counting(2))], want: "startFailuresAreReal" },
  {
    when: "one twice",
    given: [...fails, told(vm, counting(1)), told(counting(1), counting(2))],
    want: "startFailuresAreReal",
  },
  {
    when: "none any more though none ran",
    given: [...fails, told(vm, counting(1)), told(counting(1), vm)],
    want: "startFailuresAreReal",
  },
  {
    when: "none any more as a user says",
    given: [...fails, told(vm, counting(1)), told(counting(1), vm, { user: "user-1" })],
    want: undefined,
  },
])("counts $when: $want", ({ given, want }) => expect(violationOf([...begin, ...given])?.invariant).toBe(want));
