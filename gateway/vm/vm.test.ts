// Start, stop and restart: what each changes or how it is refused, by strategy and state.
import type { RunStrategy, StateChangeRequest, VirtualMachine, VirtualMachineInstance, VmiPhase } from "@knvirt/api";
import { aVm, aVmi } from "../../test/support/builders.ts";
import { type Change, type Seen, seenOf } from "./change.ts";
import { restartOptions, startOptions, stopOptions } from "./options.ts";
import { restartOf } from "./restart.ts";
import { startOf } from "./start.ts";
import { stopOf } from "./stop.ts";

type Body = Record<string, unknown>;
const verbs = {
  start: (body: Body) => startOf(startOptions(body)),
  stop: (body: Body) => stopOf(stopOptions(body)),
  restart: (body: Body) => restartOf(restartOptions(body)),
};
const start: StateChangeRequest = { action: "Start" };
const paused: StateChangeRequest = { action: "Start", data: { paused: "true" } };
const stop: StateChangeRequest = { action: "Stop", uid: "vmi-uid" };
const other: StateChangeRequest = { action: "Stop", uid: "earlier" };

interface Row {
  strategy: RunStrategy;
  /** Phase of the instance; none without. A foreign one runs too. */
  is?: VmiPhase | "new" | "leaving" | "foreign";
  queue?: StateChangeRequest[];
  body?: Body;
  running?: boolean;
  want?: Change;
  says?: string;
}

const running = { phase: "Running" } as const;
const somebody = { apiVersion: "v1", kind: "Namespace", name: "default", uid: "other", controller: true };

function seen({ strategy, is, queue, running: runs }: Row): Seen {
  const made = aVm({ runStrategy: strategy });
  const vm: VirtualMachine = { ...made, metadata: { ...made.metadata, uid: "vm-uid" } };
  if (runs !== undefined) {
    delete vm.spec.runStrategy;
    vm.spec.running = runs;
  }
  if (queue) vm.status = { stateChangeRequests: queue };
  return seenOf(vm, is && instance(is));
}

function instance(is: NonNullable<Row["is"]>): VirtualMachineInstance {
  const { metadata, ...vmi } = aVmi();
  const told = { ...metadata, uid: "vmi-uid" };
  if (is === "new") return { ...vmi, metadata: told };
  if (is === "leaving")
    return { ...vmi, metadata: { ...told, deletionTimestamp: "2026-01-02T12:00:00Z" }, status: running };
  if (is === "foreign") return { ...vmi, metadata: { ...told, ownerReferences: [somebody] }, status: running };
  return { ...vmi, metadata: told, status: { phase: is } };
}

function check(verb: keyof typeof verbs, row: Row): void {
  const decide = () => verbs[verb](row.body ?? {})(seen(row));
  if (row.says === undefined) expect(decide()).toEqual(row.want);
  else expect(decide).toThrow(expect.objectContaining({ code: 409, message: expect.stringContaining(row.says) }));
}

const named = (rows: Row[]) =>
  rows.map((row) => ({
    ...row,
    when: `${row.is ?? "no instance"} ${JSON.stringify([row.body ?? {}, row.queue ?? []])}`,
  }));

describe("start", () => {
  const rows: Row[] = [
    { strategy: "Halted", want: { spec: { runStrategy: "Always" } } },
    { strategy: "Halted", running: false, want: { spec: { running: true } } },
    { strategy: "Halted", is: "Succeeded", want: { spec: { runStrategy: "Always" } } },
    { strategy: "Halted", body: { paused: true }, want: { requests: [paused] } },
    { strategy: "Halted", is: "leaving", says: "VM is already running: its instance is stopping" },
    { strategy: "Manual", want: { requests: [start] } },
    { strategy: "Manual", body: { paused: true }, want: { requests: [paused] } },
    { strategy: "Manual", is: "Failed", want: { requests: [stop, start] } },
    { strategy: "Manual", is: "Succeeded", want: { requests: [stop, start] } },
    { strategy: "Manual", is: "Running", says: "default/web: VM is already running: its instance is Running" },
    { strategy: "Manual", is: "new", says: "VM is already running: its instance is Pending" },
    { strategy: "Manual", queue: [start], want: { requests: [start] } },
    { strategy: "Manual", queue: [other, start], says: "stop/start already underway: stop and start is not done" },
    { strategy: "RerunOnFailure", want: { requests: [start] } },
    { strategy: "RerunOnFailure", is: "Succeeded", want: { requests: [stop, start] } },
    { strategy: "RerunOnFailure", is: "Failed", says: "does not support starting VM from failed state" },
    { strategy: "RerunOnFailure", is: "Running", says: "VM is already running" },
    { strategy: "Always", says: "Always does not support manual start requests" },
    { strategy: "Always", is: "Running", says: "VM is already running" },
    { strategy: "Once", says: "Once does not support manual start requests" },
    {
      strategy: "Halted",
      is: "foreign",
      says: "VM cannot be started: the instance of its name belongs to Namespace",
    },
    {
      strategy: "Manual",
      is: "foreign",
      says: "VM cannot be started: the instance of its name belongs to Namespace",
    },
  ];
  test.each(named(rows))("$strategy, $when", (row) => check("start", row));
});

describe("stop", () => {
  const halted = { spec: { runStrategy: "Halted" as const } };
  const rows: Row[] = [
    { strategy: "Always", is: "Running", want: halted },
    { strategy: "Always", running: true, is: "Running", want: { spec: { running: false } } },
    { strategy: "Always", want: halted },
    { strategy: "Always", is: "leaving", queue: [stop, start], want: { requests: [], ...halted } },
    { strategy: "Always", is: "Running", body: { gracePeriod: 0 }, want: { ...halted, graceSeconds: 0 } },
    { strategy: "Always", body: { gracePeriod: 0 }, want: halted },
    { strategy: "Always", is: "Running", body: { gracePeriod: 11 }, says: "gracePeriod is longer" },
    { strategy: "Once", is: "Running", want: halted },
    { strategy: "Manual", is: "Running", want: { requests: [stop] } },
    { strategy: "Manual", is: "Running", queue: [stop, start], want: { requests: [stop] } },
    { strategy: "Manual", is: "new", queue: [start], want: { requests: [stop] } },
    { strategy: "Manual", is: "Running", body: { gracePeriod: 3 }, want: { requests: [stop], graceSeconds: 3 } },
    { strategy: "Manual", says: "VM is not running: it has no instance" },
    { strategy: "Manual", is: "Failed", says: "VM is not running: its instance is Failed" },
    { strategy: "RerunOnFailure", is: "Running", want: { requests: [stop] } },
    { strategy: "RerunOnFailure", says: "VM is not running" },
    { strategy: "Halted", says: "VM is not running" },
    { strategy: "Halted", is: "leaving", says: "VM is not running: it is Halted, and stops already" },
    { strategy: "Halted", is: "leaving", body: { gracePeriod: 10 }, says: "only a shorter gracePeriod" },
    { strategy: "Halted", is: "leaving", body: { gracePeriod: 0 }, want: { graceSeconds: 0 } },
    { strategy: "Always", is: "foreign", body: { gracePeriod: 0 }, want: halted },
    { strategy: "Manual", is: "foreign", says: "VM is not running: the instance of its name belongs to Namespace" },
    {
      strategy: "Halted",
      is: "foreign",
      body: { gracePeriod: 0 },
      says: "VM is not running: the instance of its name",
    },
  ];
  test.each(named(rows))("$strategy, $when", (row) => check("stop", row));
});

describe("restart", () => {
  const both = { requests: [stop, start] };
  const rows: Row[] = [
    { strategy: "Always", is: "Running", want: both },
    { strategy: "Manual", is: "Running", want: both },
    { strategy: "Manual", is: "Failed", want: both },
    { strategy: "RerunOnFailure", is: "Running", want: both },
    { strategy: "Always", is: "Running", queue: [stop, start], want: both },
    { strategy: "Always", is: "Running", queue: [start], says: "stop/start already underway: start is not done" },
    { strategy: "Always", is: "Running", body: { gracePeriodSeconds: 0 }, want: { ...both, graceSeconds: 0 } },
    { strategy: "Manual", is: "Failed", body: { gracePeriodSeconds: 0 }, want: both },
    { strategy: "Always", says: "VM is not running" },
    { strategy: "Always", is: "foreign", says: "VM is not running: the instance of its name belongs to Namespace" },
    { strategy: "Halted", is: "leaving", says: "Halted does not support manual restart requests" },
    { strategy: "Once", is: "Running", says: "Once does not support manual restart requests" },
  ];
  test.each(named(rows))("$strategy, $when", (row) => check("restart", row));
});

test.each([
  { options: startOptions, body: {}, want: { dryRun: false, paused: false } },
  {
    options: startOptions,
    body: { kind: "StartOptions", paused: true, dryRun: ["All"] },
    want: { dryRun: true, paused: true },
  },
  { options: stopOptions, body: { gracePeriod: 5, dryRun: [] }, want: { dryRun: false, graceSeconds: 5 } },
  { options: stopOptions, body: { gracePeriod: null }, want: { dryRun: false } },
  { options: restartOptions, body: { gracePeriodSeconds: 0 }, want: { dryRun: false, graceSeconds: 0 } },
])("the body $body is understood", ({ options, body, want }) => expect(options(body as Body)).toEqual(want));

test.each([
  { options: startOptions, body: { paused: "yes" }, says: 'paused is invalid: "yes"' },
  { options: startOptions, body: { dryRun: ["Some"] }, says: 'dryRun is invalid: ["Some"]' },
  { options: stopOptions, body: { gracePeriod: -1 }, says: "gracePeriod is invalid: -1" },
  { options: restartOptions, body: { gracePeriodSeconds: 5 }, says: "gracePeriodSeconds is invalid: 5, expected 0" },
  { options: restartOptions, body: { gracePeriodSeconds: -1 }, says: "gracePeriodSeconds is invalid: -1" },
])("the body $body is refused", ({ options, body, says }) =>
  expect(() => options(body as Body)).toThrow(
    expect.objectContaining({ code: 400, message: expect.stringContaining(says) }),
  ),
);
