// The oracle of the end state: what it complains of, and what it takes for lawful.

import { expect, test } from "@jest/globals";
import type { RunStrategy, VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import { aPod, aVm, aVmi } from "../../../../functions/testing/builders.ts";
import {
  beingDeleted,
  changed,
  container,
  created,
  deleted,
  disk,
  type Fact,
  functions,
  guest,
  removed,
  violationOf,
} from "../testing/history.ts";

const own = { ...functions, manager: "any" };
const told = { created: true, desiredGeneration: 1, observedGeneration: 1 };
const running = { ...told, printableStatus: "Running", ready: true };
const annotations = { "kubevirt.io/vm-generation": "1" };
const is = (runStrategy: RunStrategy, status: VirtualMachine["status"] = {}) => aVm({ runStrategy, status });
const fresh = aVmi({ metadata: { annotations } });
const runningVmi = (status: VirtualMachineInstance["status"] = {}) =>
  aVmi({
    metadata: { annotations },
    phase: "Running",
    conditions: [{ type: "Ready", status: "True" }],
    status: { nodeName: "node-1", ...status },
  });
const ended = (phase: "Succeeded" | "Failed") =>
  aVmi({ metadata: { annotations }, phase, status: { nodeName: "node-1" } });
const brought = (strategy: RunStrategy): Fact[] => [
  ...[created(is(strategy)), created(fresh), created(aPod())],
  ...[container("starts"), guest("starts"), disk("opens"), guest("runs"), changed(fresh, runningVmi(), own)],
];
const up = (strategy: RunStrategy): Fact[] => [
  ...brought(strategy),
  changed(is(strategy), is(strategy, running), own),
];
const ends = (exitCode: number): Fact[] => [guest("ends"), disk("closes"), container("ends", { exitCode })];
const collector = { user: "system:gc" };
const gone = [removed(beingDeleted(runningVmi()), own), removed(beingDeleted(aPod()), collector)];
const stopped = { printableStatus: "Stopped", desiredGeneration: 1, observedGeneration: 1 };
const stop = { stateChangeRequests: [{ action: "Stop" as const, uid: "vmi-uid" }] };
const start = { stateChangeRequests: [{ action: "Start" as const }] };
const toldAlways = { ...running, runStrategy: "Always" as const };
const asks =
  (answer: "sent" | "taken"): Fact =>
  (ledger) =>
    ledger.user({ id: 1, wish: "stop", namespace: "default", name: "web", answer });

const makesInstance: Fact = (ledger) =>
  ledger.user({ id: 2, wish: "createVmi", namespace: "default", name: "web", answer: "sent" });

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  { when: "Always, and it runs", given: up("Always"), want: undefined },
  { when: "Always, and nothing was made", given: [created(is("Always"))], want: "endIsAsWished" },
  {
    when: "Always, and it ended",
    given: [...up("Always"), ...ends(10), changed(runningVmi(), ended("Failed"))],
    want: "endIsAsWished",
  },
  { when: "Halted, and nothing was made", given: [created(is("Halted"))], want: undefined },
  {
    when: "Halted, and it runs",
    given: [...up("Always"), changed(is("Always"), is("Halted", running))],
    want: "endIsAsWished",
  },
  { when: "Once, and nothing was made", given: [created(is("Once"))], want: "endIsAsWished" },
  {
    when: "Once, and it ended",
    given: [
      ...[...up("Once"), ...ends(0), changed(runningVmi(), ended("Succeeded"))],
      changed(is("Once", running), is("Once", { ...stopped, created: true }), own),
    ],
    want: undefined,
  },
  { when: "Manual, and nothing was asked for", given: [created(is("Manual"))], want: undefined },
  {
    when: "Manual, and its start was not done",
    given: [created(is("Manual")), changed(is("Manual"), is("Manual", start))],
    want: "endIsAsWished",
  },
  {
    when: "Manual, and it was stopped",
    given: [
      ...[...up("Manual"), changed(is("Manual", running), is("Manual", { ...running, ...stop }))],
      ...[...ends(0), ...gone, changed(is("Manual", running), is("Manual", stopped), own)],
    ],
    want: undefined,
  },
  {
    when: "Manual, and its stop was not done",
    given: [...up("Manual"), changed(is("Manual", running), is("Manual", { ...running, ...stop }))],
    want: "endIsAsWished",
  },
  {
    when: "Manual, and it is gone",
    given: [...up("Manual"), ...ends(0), ...gone, changed(is("Manual"), is("Manual", stopped), own)],
    want: "endIsAsWished",
  },
  {
    when: "Manual, and a user took it",
    given: [
      ...up("Manual"),
      deleted(runningVmi()),
      ...ends(0),
      ...gone,
      changed(is("Manual"), is("Manual", stopped), own),
    ],
    want: undefined,
  },
  {
    when: "RerunOnFailure, and it succeeded",
    given: [
      ...[...up("RerunOnFailure"), ...ends(0), changed(runningVmi(), ended("Succeeded"), own)],
      ...[removed(beingDeleted(ended("Succeeded")), own), removed(aPod(), collector)],
      changed(is("RerunOnFailure"), is("RerunOnFailure", { ...stopped, runStrategy: "RerunOnFailure" }), own),
    ],
    want: undefined,
  },
  {
    when: "RerunOnFailure, and it failed",
    given: [
      ...[...up("RerunOnFailure"), ...ends(10), changed(runningVmi(), ended("Failed"), own)],
      ...[removed(beingDeleted(ended("Failed")), own), removed(aPod(), collector)],
      changed(is("RerunOnFailure"), is("RerunOnFailure", { ...stopped, runStrategy: "RerunOnFailure" }), own),
    ],
    want: "endIsAsWished",
  },
  {
    when: "RerunOnFailure, switched to while its instance went, and not started again",
    given: [
      ...[...up("Always"), deleted(runningVmi())],
      changed(is("Always", toldAlways), is("RerunOnFailure", toldAlways)),
      ...[...ends(0), ...gone],
      changed(is("RerunOnFailure", toldAlways), is("RerunOnFailure", { ...stopped, runStrategy: "Always" }), own),
    ],
    want: "endIsAsWished",
  },
  {
    when: "RerunOnFailure, switched to when its guest had ended in order",
    given: [
      ...[...up("Always"), ...ends(0), changed(runningVmi(), ended("Succeeded"), own)],
      changed(is("Always", toldAlways), is("RerunOnFailure", toldAlways)),
      ...[removed(beingDeleted(ended("Succeeded")), own), removed(aPod(), collector)],
      changed(is("RerunOnFailure", toldAlways), is("RerunOnFailure", { ...stopped, runStrategy: "Always" }), own),
    ],
    want: undefined,
  },
  {
    when: "a stop was promised and not done",
    given: [...up("Always"), asks("sent"), asks("taken")],
    want: "answersAreKept",
  },
  {
    when: "a stop was promised, and a user made another instance by hand",
    given: [...up("Always"), asks("sent"), asks("taken"), makesInstance],
    want: undefined,
  },
  { when: "the VM says nothing", given: brought("Always"), want: "vmIsAsTold" },
  {
    when: "the VM says nothing of a new template",
    given: [
      ...up("Always"),
      changed(
        is("Always", running),
        aVm({
          ...{ runStrategy: "Always", status: { ...running, desiredGeneration: 2 }, metadata: { generation: 2 } },
          template: { domain: { cpu: { cores: 2 } } },
        }),
      ),
    ],
    want: "vmIsAsTold",
  },
  {
    when: "requests are left",
    given: [...up("Always"), changed(is("Always"), is("Always", { ...running, ...start }), own)],
    want: "vmIsAsTold",
  },
  { when: "an instance is said to run and does not", given: [...up("Always"), ...ends(0)], want: "instanceIsAsTold" },
  {
    when: "an instance is said to be elsewhere",
    given: [
      ...up("Always"),
      changed(runningVmi(), aVmi({ ...runningVmi(), phase: "Running", status: { nodeName: "node-1" } }), own),
    ],
    want: "instanceIsAsTold",
  },
  {
    when: "something is still to be deleted",
    given: [...up("Always"), deleted(aPod(), collector)],
    want: "nothingIsLeft",
  },
  {
    when: "an instance outlives its VM",
    given: [...up("Always"), removed(aVm({ metadata: { finalizers: ["orphan"] } }))],
    want: "nothingIsLeft",
  },
  { when: "a launcher outlives its pod", given: [...up("Always"), removed(aPod())], want: "nothingIsLeft" },
])("when $when: $want", ({ given, want }) => expect(violationOf(given, { atRest: true })?.invariant).toBe(want));
