import type { StateChangeRequest } from "@knvirt/api";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { remainingRequests } from "./requests.ts";

const start: StateChangeRequest = { action: "Start" };
const paused: StateChangeRequest = { action: "Start", data: { paused: "true" } };
const stop: StateChangeRequest = { action: "Stop", uid: "vmi-uid" };
const running = aVmi({ phase: "Running" });
const failed = aVmi({ phase: "Failed" });
const leaving = aVmi({ phase: "Running", metadata: { deletionTimestamp: "2026-01-02T12:00:00Z" } });
const failedLeaving = aVmi({ phase: "Failed", metadata: { deletionTimestamp: "2026-01-02T12:00:00Z" } });

test.each([
  { when: "there never was a queue", queue: undefined, vmi: running, want: undefined },
  { when: "a stop is for no instance", queue: [stop], vmi: undefined, want: [] },
  { when: "a stop names no instance", queue: [{ action: "Stop" as const }], vmi: running, want: [] },
  { when: "a stop names another instance", queue: [{ ...stop, uid: "other" }], vmi: running, want: [] },
  { when: "a stop is for this instance", queue: [stop], vmi: running, want: [stop] },
  { when: "a start is fulfilled", queue: [start], vmi: running, want: [] },
  { when: "a start is fulfilled, and its instance leaves", queue: [start], vmi: leaving, want: [] },
  {
    when: "a start is fulfilled by one that has ended before it was seen live",
    queue: [start],
    vmi: failed,
    want: [],
  },
  { when: "a start waits behind the one that is to stop", queue: [stop, start], vmi: failed, want: [stop, start] },
  { when: "a restart is half done", queue: [stop, start], vmi: undefined, want: [start] },
  { when: "a restart is not begun", queue: [stop, start], vmi: running, want: [stop, start] },
  { when: "an empty queue stays", queue: [], vmi: running, want: [] },
])("$when", ({ queue, vmi, want }) => {
  const vm = aVm({ runStrategy: "Manual", status: queue ? { stateChangeRequests: queue } : {} });
  expect(remainingRequests({ vm, vmi, claims: [], now: at("12:00:00"), refusal: undefined })).toEqual(want);
});

test.each([
  { when: "a failed instance asks for the next", queue: undefined, vmi: failed, want: [start] },
  { when: "it asks once", queue: [start], vmi: failed, want: [start] },
  { when: "one that leaves has asked already", queue: [], vmi: failedLeaving, want: [] },
  { when: "a user's stop is the last word", queue: [stop], vmi: failed, want: [stop] },
  { when: "a finished one does not ask", queue: undefined, vmi: aVmi({ phase: "Succeeded" }), want: undefined },
])("RerunOnFailure: $when", ({ queue, vmi, want }) => {
  const vm = aVm({ runStrategy: "RerunOnFailure", status: queue ? { stateChangeRequests: queue } : {} });
  expect(remainingRequests({ vm, vmi, claims: [], now: at("12:00:00"), refusal: undefined })).toEqual(want);
});

test.each([
  { when: "wishes of before do not start it again", queue: [stop, start], vmi: running, want: [] },
  { when: "nor do they once it is stopped", queue: [start], vmi: undefined, want: [] },
  { when: "a start that waits is one for later", queue: [paused], vmi: undefined, want: [paused] },
  { when: "it is none while it still stops", queue: [paused], vmi: leaving, want: [] },
  { when: "it is one as soon as the guest has ended", queue: [paused], vmi: failed, want: [paused] },
  { when: "there never was a queue", queue: undefined, vmi: running, want: undefined },
])("Halted: $when", ({ queue, vmi, want }) => {
  const vm = aVm({ runStrategy: "Halted", status: queue ? { stateChangeRequests: queue } : {} });
  expect(remainingRequests({ vm, vmi, claims: [], now: at("12:00:00"), refusal: undefined })).toEqual(want);
});

test("Once: wishes of before are gone, for nobody acts on them", () => {
  const vm = aVm({ runStrategy: "Once", status: { stateChangeRequests: [stop, start] } });
  expect(remainingRequests({ vm, vmi: failed, claims: [], now: at("12:00:00"), refusal: undefined })).toEqual([]);
});
