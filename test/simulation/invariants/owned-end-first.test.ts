import { expect, test } from "@jest/globals";
import { aVm } from "../../../functions/testing/builders.ts";
import {
  container,
  created,
  deleted,
  type Fact,
  guest,
  pod,
  removed,
  running,
  violationOf,
  vm,
  vmi,
} from "./testing/history.ts";

const ours = { user: "knvirt-functions" };
const orphaning = aVm({ metadata: { finalizers: ["orphan"] } });
const ends = [deleted(vmi), guest("ends"), container("ends", { exitCode: 0 })];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  {
    when: "all in order",
    given: [...ends, removed(pod, ours), removed(vmi, ours), removed(vm, ours)],
    want: undefined,
  },
  {
    when: "the VM before an instance that was made when the VM was to go",
    given: [...ends, removed(pod, ours), removed(vmi, ours), deleted(vm), created(vmi, ours), removed(vm, ours)],
    want: undefined,
  },
  { when: "the VM first", given: [removed(vm, ours)], want: "ownedEndFirst" },
  { when: "the VM alone", given: [removed(orphaning, ours)], want: undefined },
  { when: "the instance before its launcher", given: [deleted(vmi), removed(vmi, ours)], want: "ownedEndFirst" },
  {
    when: "the pod by us before its launcher",
    given: [deleted(vmi), removed(pod, ours), removed(vmi, ours)],
    want: "ownedEndFirst",
  },
  { when: "the pod by somebody's force", given: [removed(pod), removed(vmi, ours)], want: undefined },
])("$when: $want", ({ given, want }) => expect(violationOf([...running, ...given])?.invariant).toBe(want));
