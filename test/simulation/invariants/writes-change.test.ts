import { expect, test } from "@jest/globals";
import { changed, created, type Fact, functions, violationOf, vm } from "./testing/history.ts";

const ours = { ...functions, manager: "any" };

test.each<{ when: string; given: Fact; want: string | undefined }>([
  { when: "by us, of something", given: changed(vm, { ...vm }, ours), want: undefined },
  { when: "by us, of nothing", given: changed(vm, vm, ours), want: "writesChange" },
  { when: "by a user, of nothing", given: changed(vm, vm), want: undefined },
])("$when: $want", ({ given, want }) => expect(violationOf([created(vm), given])?.invariant).toBe(want));
