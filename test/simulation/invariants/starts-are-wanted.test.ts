import { expect, test } from "@jest/globals";
import type { RunStrategy, VirtualMachine } from "@knvirt/api";
import { aVm, aVmi } from "../../../functions/testing/builders.ts";
import { beingDeleted, changed, created, type Fact, inPhase, removed, violationOf, vmi } from "./testing/history.ts";

const functions = { user: "knvirt-functions" };
const is = (runStrategy: RunStrategy, status?: VirtualMachine["status"]) =>
  aVm({ runStrategy, ...(status && { status }) });
const asked = { stateChangeRequests: [{ action: "Start" as const }] };
const known = { runStrategy: "RerunOnFailure" as const };
const start = created(aVmi(), functions);
const gone = removed(beingDeleted(vmi), { user: "system:gc" });
const failed = [changed(vmi, inPhase("Failed"), functions), gone];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "Always", given: [created(is("Always")), start], want: undefined },
  { when: "Halted", given: [created(is("Halted")), start], want: "startsAreWanted" },
  {
    when: "Halted a moment ago",
    given: [created(is("Always")), changed(is("Always"), is("Halted")), start],
    want: undefined,
  },
  { when: "Manual", given: [created(is("Manual")), start], want: "startsAreWanted" },
  {
    when: "Manual and asked for",
    given: [created(is("Manual")), changed(is("Manual"), is("Manual", asked)), start],
    want: undefined,
  },
  {
    when: "Manual and asked for once, and decided on twice",
    given: [created(is("Manual", asked)), start, changed(is("Manual", asked), is("Manual"), functions), gone, start],
    want: "startsAreWanted",
  },
  { when: "RerunOnFailure, new", given: [created(is("RerunOnFailure")), start], want: undefined },
  {
    when: "RerunOnFailure after a failure",
    given: [created(is("RerunOnFailure", known)), created(aVmi()), ...failed, start],
    want: undefined,
  },
  {
    when: "RerunOnFailure after success",
    given: [created(is("RerunOnFailure", known)), created(aVmi()), gone, start],
    want: "startsAreWanted",
  },
  {
    when: "RerunOnFailure after success, asked for by us",
    given: [
      ...[created(is("RerunOnFailure", known)), created(aVmi())],
      ...[changed(is("RerunOnFailure", known), is("RerunOnFailure", { ...known, ...asked }), functions), gone, start],
    ],
    want: "startsAreWanted",
  },
])("$when: $want", ({ given, want }) => expect(violationOf(given)?.invariant).toBe(want));
