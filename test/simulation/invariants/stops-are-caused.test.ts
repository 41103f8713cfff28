import { expect, test } from "@jest/globals";
import { aVm } from "../../../functions/testing/builders.ts";
import {
  changed,
  container,
  created,
  deleted,
  type Fact,
  guest,
  pod,
  running,
  violationOf,
  vm,
  vmi,
} from "./testing/history.ts";

const functions = { user: "knvirt-functions" };
const halted = aVm({ runStrategy: "Halted" });
const stopOf = (uid: string) =>
  aVm({ runStrategy: "Always", status: { stateChangeRequests: [{ action: "Stop", uid }] } });
const orphaning = aVm({ runStrategy: "Always", metadata: { finalizers: ["orphan"] } });

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "nobody wants it", given: [container("terminate")], want: "stopsAreCaused" },
  { when: "nobody wants it, and it is killed", given: [container("kill")], want: "stopsAreCaused" },
  {
    when: "only we delete the instance",
    given: [deleted(vmi, functions), container("terminate")],
    want: "stopsAreCaused",
  },
  { when: "only we delete the pod", given: [deleted(pod, functions), guest("stopping")], want: "stopsAreCaused" },
  { when: "a user deletes the instance", given: [deleted(vmi), container("terminate")], want: undefined },
  { when: "a user deletes the VM", given: [deleted(vm), container("terminate")], want: undefined },
  {
    when: "the node controller deletes the pod",
    given: [deleted(pod, { user: "system:node" }), container("kill")],
    want: undefined,
  },
  { when: "the VM is halted", given: [changed(vm, halted), container("terminate")], want: undefined },
  { when: "its stop is asked for", given: [changed(vm, stopOf("vmi-uid")), container("terminate")], want: undefined },
  {
    when: "the stop of another is asked for",
    given: [changed(vm, stopOf("old")), container("terminate")],
    want: "stopsAreCaused",
  },
  { when: "the VM goes and leaves it", given: [deleted(orphaning), container("terminate")], want: "stopsAreCaused" },
  { when: "its guest has ended", given: [guest("ends"), container("terminate")], want: undefined },
  {
    when: "the collector takes it though its VM is there",
    given: [deleted(vmi, { user: "system:gc" }), container("terminate")],
    want: "stopsAreCaused",
  },
])("when $when: $want", ({ given, want }) => expect(violationOf([...running, ...given])?.invariant).toBe(want));

test("what was said of the one before does not count", () => {
  const other = { ...vmi, metadata: { ...vmi.metadata, uid: "next" } };
  const place = { vmi: "next", pod: "next" };
  const begun = [changed(halted, vm), created(other), container("starts", place), guest("runs", place)];
  const found = violationOf([...running, deleted(vmi), ...begun, container("terminate", place)]);
  expect(found?.invariant).toBe("stopsAreCaused");
});
