import { expect, test } from "@jest/globals";
import { aVm } from "../../../functions/testing/builders.ts";
import {
  beingDeleted,
  changed,
  container,
  created,
  deleted,
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
const ended = container("ends", { exitCode: 10 });
const fails = [ended, changed(vmi, inPhase("Failed"))];
const runs = [guest("runs"), changed(vmi, inPhase("Running"))];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "one that failed", given: [...fails, told(vm, counting(1))], want: undefined },
  { when: "one that has not ended", given: [told(vm, counting(1))], want: "startFailuresAreReal" },
  { when: "one that ran", given: [...runs, ...fails, told(vm, counting(1))], want: "startFailuresAreReal" },
  {
    when: "one that was deleted while it started",
    given: [deleted(vmi), ended, changed(vmi, beingDeleted(inPhase("Failed"))), told(vm, counting(1))],
    want: "startFailuresAreReal",
  },
  {
    when: "one that failed, and was deleted before it was counted",
    given: [...fails, deleted(inPhase("Failed")), told(vm, counting(1))],
    want: undefined,
  },
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
