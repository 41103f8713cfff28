import { changeSpec, create, normal, remove, requeue } from "../runtime/intents.ts";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { instanceOf } from "./instance.ts";
import type { Observed } from "./observed.ts";
import { applyRunStrategy } from "./run-strategy.ts";

const seen = (given: Partial<Observed>): Observed => ({
  vm: aVm(),
  vmi: undefined,
  claims: [],
  now: at("12:00:00"),
  refusal: undefined,
  ...given,
});
const started = (vm = aVm()) => [
  create(instanceOf(vm)),
  normal(vm, "SuccessfulCreate", "started the virtual machine by creating its instance web"),
];
const stopped = (vm: ReturnType<typeof aVm>, vmi = running) => [
  remove(vmi),
  normal(vm, "SuccessfulDelete", "stopped the virtual machine by deleting its instance with uid vmi-uid"),
];

const [running, failed, succeeded] = [
  aVmi({ phase: "Running" }),
  aVmi({ phase: "Failed" }),
  aVmi({ phase: "Succeeded" }),
];
const leaving = aVmi({ phase: "Failed", metadata: { deletionTimestamp: "2026-01-02T12:00:00Z" } });
const start = { action: "Start" as const };
const pausedStart = { action: "Start" as const, data: { paused: "true" } };
const stop = { action: "Stop" as const, uid: "vmi-uid" };
const stopOther = { action: "Stop" as const, uid: "another" };
const asked = (runStrategy: "Always" | "Manual" | "RerunOnFailure" | "Halted", ...stateChangeRequests: object[]) =>
  aVm({ runStrategy, status: { runStrategy, stateChangeRequests: stateChangeRequests as (typeof start)[] } });
const retrying = (runStrategy: "Always" | "RerunOnFailure" | "Once", at = "2026-01-02T12:00:30Z") =>
  aVm({ runStrategy, status: { startFailure: { retryAfterTimestamp: at } } });
const tomorrow = retrying("Always", "2026-01-03T12:00:00Z");

const always = aVm({ runStrategy: "Always" });
const halted = aVm({ runStrategy: "Halted" });
const manual = aVm({ runStrategy: "Manual" });
const once = aVm({ runStrategy: "Once" });
const rerunNew = aVm({ runStrategy: "RerunOnFailure" });
const rerun = aVm({ runStrategy: "RerunOnFailure", status: { runStrategy: "RerunOnFailure" } });
const stoppedEarly = aVm({ runStrategy: "RerunOnFailure", status: { stateChangeRequests: [stop] } });
const switched = aVm({ runStrategy: "RerunOnFailure", status: { runStrategy: "Halted" } });
const runningTrue = aVm({ spec: { running: true } });
const runningFalse = aVm({ spec: { running: false } });

test.each([
  { when: "Always starts a missing instance", given: seen({ vm: always }), want: started(always) },
  { when: "Always leaves a running one alone", given: seen({ vm: always, vmi: running }), want: [] },
  { when: "Always replaces a failed one", given: seen({ vm: always, vmi: failed }), want: stopped(always, failed) },
  {
    when: "Always replaces a finished one",
    given: seen({ vm: always, vmi: succeeded }),
    want: stopped(always, succeeded),
  },
  { when: "Always waits for one that is leaving", given: seen({ vm: always, vmi: leaving }), want: [] },
  { when: "Always waits out a failed start", given: seen({ vm: retrying("Always") }), want: [requeue(30)] },
  {
    when: "Always waits the longest time, by a clock that is a little off",
    given: seen({ vm: retrying("Always", "2026-01-02T12:05:30Z") }),
    want: [requeue(330)],
  },
  { when: "Always waits for no clock that was wrong", given: seen({ vm: tomorrow }), want: started(tomorrow) },
  {
    when: "Always restarts when asked to stop this instance",
    given: seen({ vm: asked("Always", stop, start), vmi: running }),
    want: stopped(asked("Always", stop, start)),
  },
  {
    when: "Always ignores a wish to stop another instance",
    given: seen({ vm: asked("Always", stopOther), vmi: running }),
    want: [],
  },
  { when: "running true is Always", given: seen({ vm: runningTrue }), want: started(runningTrue) },
  { when: "running false is Halted", given: seen({ vm: runningFalse, vmi: running }), want: stopped(runningFalse) },
  { when: "Halted stops a running one", given: seen({ vm: halted, vmi: running }), want: stopped(halted) },
  { when: "Halted starts nothing", given: seen({ vm: halted }), want: [] },
  {
    when: "Halted becomes Always on a wish to start paused",
    given: seen({ vm: asked("Halted", pausedStart) }),
    want: [changeSpec(asked("Halted", pausedStart), { runStrategy: "Always" })],
  },
  { when: "Halted has no other wishes", given: seen({ vm: asked("Halted", start) }), want: [] },
  {
    when: "Always starts a guest that waits when asked",
    given: seen({ vm: asked("Always", pausedStart) }),
    want: started(asked("Always", pausedStart)),
  },
  {
    when: "running false becomes true on a wish to start paused",
    given: seen({ vm: aVm({ spec: { running: false }, status: { stateChangeRequests: [pausedStart] } }) }),
    want: [
      changeSpec(aVm({ spec: { running: false }, status: { stateChangeRequests: [pausedStart] } }), {
        running: true,
      }),
    ],
  },
  { when: "Manual starts nothing by itself", given: seen({ vm: manual }), want: [] },
  {
    when: "Manual starts when asked",
    given: seen({ vm: asked("Manual", start) }),
    want: started(asked("Manual", start)),
  },
  {
    when: "Manual stops when asked",
    given: seen({ vm: asked("Manual", stop), vmi: running }),
    want: stopped(asked("Manual", stop)),
  },
  { when: "Manual keeps a failed one", given: seen({ vm: manual, vmi: failed }), want: [] },
  {
    when: "Manual obeys only the first wish",
    given: seen({ vm: asked("Manual", stopOther, stop), vmi: running }),
    want: [],
  },
  { when: "Once starts", given: seen({ vm: once }), want: started(once) },
  { when: "Once keeps a finished one", given: seen({ vm: once, vmi: succeeded }), want: [] },
  { when: "Once does not wait", given: seen({ vm: retrying("Once") }), want: started(retrying("Once")) },
  { when: "RerunOnFailure starts a new VM", given: seen({ vm: rerunNew }), want: started(rerunNew) },
  { when: "RerunOnFailure starts when switched to", given: seen({ vm: switched }), want: started(switched) },
  { when: "RerunOnFailure stays stopped", given: seen({ vm: rerun }), want: [] },
  {
    when: "RerunOnFailure starts when asked",
    given: seen({ vm: asked("RerunOnFailure", start) }),
    want: started(asked("RerunOnFailure", start)),
  },
  {
    when: "RerunOnFailure clears a failed one away",
    given: seen({ vm: rerun, vmi: failed }),
    want: stopped(rerun, failed),
  },
  {
    when: "RerunOnFailure clears a finished one away",
    given: seen({ vm: rerun, vmi: succeeded }),
    want: stopped(rerun, succeeded),
  },
  {
    when: "RerunOnFailure stays stopped when it was stopped before its start was told",
    given: seen({ vm: stoppedEarly }),
    want: [],
  },
  {
    when: "RerunOnFailure waits out a failed start",
    given: seen({ vm: retrying("RerunOnFailure") }),
    want: [requeue(30)],
  },
  {
    when: "an unknown strategy does nothing",
    given: seen({ vm: aVm({ runStrategy: "Sometimes" as "Always" }), vmi: running }),
    want: [],
  },
])("$when", ({ given, want }) => expect(applyRunStrategy(given)).toEqual(want));
