import { expect, test } from "@jest/globals";
import { aPod } from "../../../functions/testing/builders.ts";
import {
  changed,
  container,
  type Fact,
  guest,
  inPhase,
  pod,
  removed,
  running,
  violationOf,
} from "./testing/history.ts";

const is = inPhase("Running");
const [failed, succeeded] = [changed(is, inPhase("Failed")), changed(is, inPhase("Succeeded"))];
const ends = (exitCode: number): Fact[] => [guest("ends"), container("ends", { exitCode })];
const declaredFailed = changed(pod, aPod({ status: { phase: "Failed" } }));

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "Succeeded after 0", given: [...ends(0), succeeded], want: undefined },
  { when: "Succeeded after 10", given: [...ends(10), succeeded], want: "endsAreTrue" },
  { when: "Succeeded while it runs", given: [succeeded], want: "endsAreTrue" },
  { when: "Failed after 10", given: [...ends(10), failed], want: undefined },
  { when: "Failed after 0", given: [...ends(0), failed], want: "endsAreTrue" },
  { when: "Failed while it runs", given: [failed], want: "endsAreTrue" },
  { when: "Failed when its pod was declared so", given: [declaredFailed, failed], want: undefined },
  { when: "Failed when its pod is gone", given: [removed(pod), failed], want: undefined },
])("$when: $want", ({ given, want }) => expect(violationOf([...running, ...given])?.invariant).toBe(want));
