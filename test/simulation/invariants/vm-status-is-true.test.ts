import { expect, test } from "@jest/globals";
import type { VirtualMachine } from "@knvirt/api";
import { aVm } from "../../../functions/testing/builders.ts";
import {
  beingDeleted,
  changed,
  created,
  type Fact,
  functions,
  inPhase,
  violationOf,
  vm,
  vmi,
} from "./testing/history.ts";

const told = (status: VirtualMachine["status"]): Fact =>
  changed(vm, aVm({ runStrategy: "Always", status }), functions);
const create = created(vmi, { user: "knvirt-functions" });
/** Its guest runs as far as the API knows. */
const run = [created(vm), create, changed(vmi, inPhase("Running", { conditions: [] }), { user: "other" })];
const starting = [created(vm), create];

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  {
    when: "Starting as it does",
    given: [...starting, told({ printableStatus: "Starting", created: true })],
    want: undefined,
  },
  {
    when: "Running while it starts",
    given: [...starting, told({ printableStatus: "Running", created: true })],
    want: "vmStatusIsTrue",
  },
  {
    when: "Stopped as it was a moment ago",
    given: [...starting, told({ printableStatus: "Stopped" })],
    want: undefined,
  },
  {
    when: "Stopped as it was before the last status",
    given: [
      ...starting,
      told({ printableStatus: "Starting", created: true }),
      told({ printableStatus: "Stopped" }),
      told({}),
    ],
    want: "vmStatusIsTrue",
  },
  {
    when: "Stopping without a cause",
    given: [...starting, told({ printableStatus: "Stopping", created: true })],
    want: "vmStatusIsTrue",
  },
  {
    when: "Stopping as it is to",
    given: [...starting, changed(vmi, beingDeleted(vmi)), told({ printableStatus: "Stopping", created: true })],
    want: undefined,
  },
  {
    when: "Terminating though it is not",
    given: [...starting, told({ printableStatus: "Terminating" })],
    want: "vmStatusIsTrue",
  },
  { when: "created though it is not", given: [created(vm), told({ created: true })], want: "vmStatusIsTrue" },
  {
    when: "ready though it is not",
    given: [...starting, told({ printableStatus: "Starting", created: true, ready: true })],
    want: "vmStatusIsTrue",
  },
])("$when: $want", ({ given, want }) => expect(violationOf(given)?.invariant).toBe(want));

test("what a running one is told to be", () => {
  const found = violationOf([...run.slice(0, 2), told({ printableStatus: "Paused", created: true })]);
  expect(found?.message).toBe(
    "vmStatusIsTrue: VirtualMachine default/web is called Paused, which it was at no moment since: none, new",
  );
});
