import type { VirtualMachine } from "@knvirt/api";
import { aVm } from "../../testing/builders.ts";
import { applyStatus, create, requeue } from "../intents.ts";
import { hide } from "./hide.ts";
import { recordOf } from "./record.ts";
import { aRecord, context, decisionOf, functionThat, stopped } from "./testing/decisions.ts";
import { noon } from "./testing/observations.ts";

const vm = aVm({ metadata: { annotations: { note: "hunter2" } } });
const observed = { vm, now: noon };
const noteOf = (seen: object): string => (seen as { vm: VirtualMachine }).vm.metadata.annotations?.note ?? "";
const seenVm = (seen: object): VirtualMachine => (seen as { vm: VirtualMachine }).vm;

const record = (reconcile: Parameters<typeof functionThat>[0]) =>
  recordOf(decisionOf(functionThat(reconcile), observed), context);

test("a record has what was seen, what was not found, and what was decided", () => {
  const { observed: seen, ...rest } = aRecord();
  expect(seen).toMatchObject({
    vm: { kind: "VirtualMachine" },
    vmi: null,
    now: "2026-01-02T12:00:00.000Z",
    refusal: null,
  });
  expect(rest).toMatchObject({
    ...{ format: 1, knvirt: "1", recording: "r", number: 1, at: "2026-01-02T12:00:00.000Z" },
    ...{ function: "vm", key: { namespace: "default", name: "web" } },
    intents: [
      { verb: "create", object: { kind: "VirtualMachineInstance" } },
      { verb: "event", object: { observed: "vm" } },
    ],
  });
});

test.each([
  {
    when: "an object that was seen is a reference",
    reconcile: (seen: object) => [applyStatus(seenVm(seen), {})],
    want: [{ verb: "applyStatus", object: { observed: "vm" }, status: {} }],
  },
  {
    when: "no number is written as it is",
    reconcile: () => [requeue(Number.NaN)],
    want: [{ verb: "requeue", seconds: "NaN" }],
  },
  { when: "nothing is nothing", reconcile: () => [], want: [] },
])("$when", ({ reconcile, want }) => expect(record(reconcile)).toMatchObject({ intents: want }));

test("an error is recorded as such", () => {
  const failing = record(() => {
    throw new TypeError("no spec");
  });
  expect(failing).toMatchObject({ error: { name: "TypeError", message: "no spec" } });
  expect(failing).not.toHaveProperty("intents");
  expect(failing.really).toBeUndefined();
});

test.each([
  {
    when: "it is copied",
    reconcile: (seen: object) => [applyStatus(seenVm(seen), { note: noteOf(seen) })],
    want: undefined,
  },
  {
    when: "it is quoted",
    reconcile: (seen: object) => [applyStatus(seenVm(seen), { note: `says ${noteOf(seen)}!` })],
    want: undefined,
  },
  { when: "its length counts", reconcile: (seen: object) => [requeue(noteOf(seen).length)], want: "requeue" },
  {
    when: "it decides",
    reconcile: (seen: object) => (noteOf(seen) === "hunter2" ? [create(vm)] : []),
    want: "create vm",
  },
  {
    when: "it decides on an error",
    reconcile: (seen: object) => {
      if (noteOf(seen) === "hunter2") throw new Error(`bad note ${noteOf(seen)}`);
      return [];
    },
    want: "threw Error",
  },
])("that a hidden text had a say is told, and the text is not, when $when: $want", ({ reconcile, want }) => {
  const made = record(reconcile);
  expect(made.really).toBe(want);
  expect(JSON.stringify(made)).not.toContain("hunter2");
});

test("a sentence that repeats a hidden text in another spelling is hidden as a whole", () => {
  const userData = '#cloud-config\npassword: "hunter2"\n';
  const spec = {
    volumes: [
      { cloudInitNoCloud: { userData, userDataBase64: Buffer.from("password: base64-secret").toString("base64") } },
    ],
  };
  const hiddenOf = (message: string) =>
    hide({ vm: { spec }, refusal: { message } }, Buffer.from("s")).observed.refusal as { message: string };
  expect(hiddenOf(`Invalid value: ${JSON.stringify(userData)}: too long`).message).toMatch(/^hidden:.{16}$/);
  expect(hiddenOf("it says password: base64-secret there").message).toMatch(/^hidden:.{16}$/);
  expect(hiddenOf("the quota is exceeded").message).toBe("the quota is exceeded");
});

test("a decision is told of once, and what the function throws is thrown", () => {
  expect(
    decisionOf(
      functionThat(() => []),
      stopped,
    ),
  ).toMatchObject({ made: { intents: [] }, observed: stopped });
  const failing = functionThat(() => {
    throw new Error("no");
  });
  expect(decisionOf(failing, stopped)).toMatchObject({ made: { error: new Error("no") } });
});
