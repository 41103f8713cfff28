import { fc } from "../../test/support/property.ts";
import { fieldsOf, type Json } from "../testing/fields.ts";
import { hasApplied } from "./applied-fields.ts";

const manager = "knvirt-vm";

const objectWith = (owned: Json, status: Json) => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    managedFields: [
      {
        manager,
        operation: "Apply" as const,
        apiVersion: "kubevirt.io/v1",
        fieldsType: "FieldsV1" as const,
        subresource: "status",
        fieldsV1: { "f:status": fieldsOf(owned) },
      },
    ],
  },
  status,
});

const ready = { type: "Ready", status: "True" };
const paused = { type: "Paused", status: "True" };
const status = { phase: "Running", conditions: [ready], list: ["a"], memory: { guest: "1Gi" } };

test.each([
  { when: "all is as applied", owned: status, now: status, next: status, want: true },
  { when: "others added fields", owned: status, now: { ...status, node: "a" }, next: status, want: true },
  {
    when: "others added items",
    owned: status,
    now: { ...status, conditions: [paused, ready] },
    next: status,
    want: true,
  },
  {
    when: "items come in another order",
    owned: { conditions: [ready, paused] },
    now: { conditions: [paused, ready] },
    next: { conditions: [ready, paused] },
    want: true,
  },
  { when: "a value differs", owned: status, now: status, next: { ...status, phase: "Failed" }, want: false },
  {
    when: "a value was changed by others",
    owned: status,
    now: { ...status, phase: "Failed" },
    next: status,
    want: false,
  },
  { when: "a field is new", owned: status, now: status, next: { ...status, reason: "x" }, want: false },
  {
    when: "a field of ours goes",
    owned: { ...status, reason: "x" },
    now: { ...status, reason: "x" },
    next: status,
    want: false,
  },
  { when: "a field there is not ours", owned: { phase: "Running" }, now: status, next: status, want: false },
  {
    when: "an item is new",
    owned: status,
    now: status,
    next: { ...status, conditions: [ready, paused] },
    want: false,
  },
  {
    when: "an item of ours goes",
    owned: { conditions: [ready, paused] },
    now: { conditions: [ready, paused] },
    next: { conditions: [ready] },
    want: false,
  },
  {
    when: "another item is meant",
    owned: { conditions: [ready] },
    now: { conditions: [ready, paused] },
    next: { conditions: [paused] },
    want: false,
  },
  { when: "a plain list differs", owned: status, now: status, next: { ...status, list: ["a", "b"] }, want: false },
  {
    when: "an empty list takes the place of a full one",
    owned: status,
    now: status,
    next: { ...status, list: [] },
    want: false,
  },
  {
    when: "absent and undefined are one",
    owned: { phase: "Running" },
    now: { phase: "Running" },
    next: { phase: "Running", reason: undefined },
    want: true,
  },
])("$when: $want", ({ owned, now, next, want }) => {
  expect(hasApplied(objectWith(owned, now), manager, next)).toBe(want);
});

test("a manager that applied nothing has applied only nothing", () => {
  const stranger = objectWith(status, status);
  expect(hasApplied(stranger, "somebody", status)).toBe(false);
  expect(hasApplied(stranger, "somebody", {})).toBe(true);
});

test("sets are compared by their values", () => {
  const object = objectWith({}, { names: ["a", "b", "theirs"] });
  const [entry] = object.metadata.managedFields;
  Object.assign(entry ?? {}, { fieldsV1: { "f:status": { "f:names": { 'v:"a"': {}, 'v:"b"': {} } } } });
  expect(hasApplied(object, manager, { names: ["b", "a"] })).toBe(true);
  expect(hasApplied(object, manager, { names: ["b", "c"] })).toBe(false);
});

test("whatever was applied has been applied", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (applied) => {
      const plain = JSON.parse(JSON.stringify(applied)) as Json;
      expect(hasApplied(objectWith(plain, plain), manager, plain)).toBe(true);
    }),
  );
});
