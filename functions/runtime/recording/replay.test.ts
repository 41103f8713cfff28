import { aVm, aVmi } from "../../testing/builders.ts";
import type { FunctionDefinition } from "../definition.ts";
import { requeue } from "../intents.ts";
import { nothingRead, type Read } from "./read.ts";
import type { DecisionRecord } from "./record.ts";
import { replay } from "./replay.ts";
import { aRecord, definitions, functionThat, stopped } from "./testing/decisions.ts";

function replayed(
  records: DecisionRecord[],
  {
    by = definitions,
    diff = false,
    read = {},
  }: { by?: FunctionDefinition[]; diff?: boolean; read?: Partial<Read> } = {},
) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const found = { ...nothingRead(), records, ...read };
  const counts = replay(found, { definitions: by, version: "1", diff, print });
  return { counts, text: lines.join("\n") };
}

const started = {
  ...stopped,
  vm: aVm({ runStrategy: "Always", metadata: { resourceVersion: "9" } }),
  vmi: aVmi({ phase: "Running" }),
};

test("a timeline tells what each decision saw, what had changed, and what it did", () => {
  const { counts, text } = replayed([
    aRecord(),
    aRecord({ number: 2, at: "2026-01-02T12:00:05.000Z" }, started),
    {
      ...aRecord({ number: 3, at: "2026-01-02T12:00:06.000Z" }, { ...started, vmi: aVmi({ phase: "Failed" }) }),
      by: "sweep",
    },
  ]);
  expect(counts).toEqual({ same: 3, different: 0, unknown: 0 });
  expect(text.split("\n")).toEqual([
    "2026-01-02T12:00:00.000Z vm default/web",
    "  saw      vm Always without status, no vmi",
    "  did      create VirtualMachineInstance web",
    "           event Normal SuccessfulCreate: started the virtual machine by creating its instance web",
    "2026-01-02T12:00:05.000Z vm default/web",
    "  saw      vm Always without status, vmi Running",
    "  changed  vmi: nothing -> Running",
    "  did      applyStatus vm",
    "             printableStatus: nothing -> Running",
    "             created: nothing -> true",
    "             runStrategy: nothing -> Always",
    "             observedGeneration: nothing -> 1",
    "             desiredGeneration: nothing -> 1",
    expect.stringContaining("             conditions: nothing -> "),
    "2026-01-02T12:00:06.000Z vm default/web (sweep)",
    "  saw      vm Always without status, vmi Failed",
    "  changed  vmi.status.phase: Running -> Failed",
    expect.stringContaining("  did      applyStatus vm"),
    expect.anything(),
    expect.anything(),
    expect.anything(),
    expect.anything(),
    expect.anything(),
    expect.anything(),
    expect.anything(),
    "           delete vmi",
    "           event Normal SuccessfulDelete: stopped the virtual machine by deleting its instance with uid vmi-uid",
    "",
    "read: 3 decisions, 0 other lines",
    "again: 3 the same, 0 different",
  ]);
});

test.each([
  {
    when: "other intents",
    by: functionThat(() => [requeue(5)]),
    want: ["NOW      requeue in 5 s", "recorded by knvirt 1, which this checkout is too"],
  },
  {
    when: "an error",
    by: functionThat(() => {
      throw new Error("no such field");
    }),
    want: ["NOW      threw Error: no such field"],
  },
  {
    when: "a look at what was not recorded",
    by: { ...functionThat(() => []), reads: { node: { by: "refusal" } } } as FunctionDefinition,
    want: ["NOW      looks at node too, which was not recorded", "nothing"],
  },
])("a decision that differs by $when is told", ({ by, want }) => {
  const { counts, text } = replayed([aRecord()], { by: [by] });
  expect(counts).toEqual({ same: 0, different: 1, unknown: 0 });
  for (const line of [...want, "again: 0 the same, 1 different", "--diff"]) expect(text).toContain(line);
});

test("with --diff each field that differs is told in full", () => {
  const { text } = replayed([aRecord()], { by: [functionThat(() => [requeue(5)])], diff: true });
  expect(text).toContain('intents[0].verb: "create" -> "requeue"');
  expect(text).toContain("intents[0].seconds: nothing -> 5");
});

test("order of fields is no difference", () => {
  const record = aRecord();
  const turned = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([name, member]) => [name, turned(member)]),
        );
  const { counts } = replayed([turned(record) as DecisionRecord]);
  expect(counts.same).toBe(1);
});

test.each([
  {
    when: "an unknown function",
    records: [{ ...aRecord(), function: "export" }],
    want: "1 of a function that this checkout does not have; recorded were export",
  },
  {
    when: "another version",
    records: [aRecord({ knvirt: "0.9" })],
    want: "recorded by knvirt 0.9, and this is 1: the code differs",
  },
  {
    when: "a hidden text that had a say",
    records: [{ ...aRecord(), really: "requeue" }],
    want: "really   requeue: a hidden text had a say in it",
  },
  {
    when: "objects of any shape",
    records: [{ ...aRecord(), observed: { vm: { kind: "VirtualMachine", metadata: null }, x: [1] } }],
    want: "saw      vm without spec without status",
  },
  {
    when: "what a terminal would obey",
    records: [{ ...aRecord(), error: { name: "E", message: "\u001b[2Jgone\n" } }],
    want: "threw E:  [2Jgone",
  },
])("$when is told", ({ records, want }) => expect(replayed(records as DecisionRecord[]).text).toContain(want));

test("lines that are no decisions are told", () => {
  const header = { ...aRecord(), omittedBytes: 300_000 };
  const read = { others: 7, damaged: 2, tooLong: 1, omissions: [header], foreign: new Map([["2", 4]]) };
  const { text } = replayed([aRecord()], { read });
  for (const line of [
    "read: 1 decisions, 7 other lines",
    "2 lines that were records and are damaged or cut off",
    "1 lines that are too long to be records",
    "1 decisions that were too large to be recorded",
    "4 records of format 2, which this checkout cannot read: expected 1",
  ])
    expect(text).toContain(line);
});

test("decisions are told in the order in which they were taken", () => {
  const first = { at: "2026-01-02T12:00:09.000Z", number: 1 };
  const backwards = { at: "2026-01-02T12:00:01.000Z", number: 2 };
  const other = { at: "2026-01-02T12:00:05.000Z", recording: "other", number: 1 };
  const { text } = replayed([aRecord(backwards), aRecord(first), aRecord(other)]);
  const times = [...text.matchAll(/^2026-01-02T12:00:(\d\d)/gm)].map(([, seconds]) => seconds);
  expect(times).toEqual(["05", "09", "01"]);
});
