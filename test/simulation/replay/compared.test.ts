// What a replay takes for a difference, and what explains it.
import { compared } from "./compared.ts";
import { termsFrom } from "./terms.ts";

const terms = termsFrom(new Date());
const pod = { metadata: { name: "a", generation: 1 }, spec: { priority: 1 } };
const entry = { manager: "m", operation: "Update", apiVersion: "v1" };
const owned = (...fieldsV1: object[]) => ({
  metadata: { managedFields: fieldsV1.map((one) => ({ ...entry, fieldsV1: one })) },
});

const path = "/api/v1/namespaces/default/pods/a";
const refusal = (code: number, reason: string, message: string) => ({ code, body: { reason, message } });
const accepted = (body: object, code = 200) => ({ code, body });

test.each([
  { when: "the same", model: accepted(pod), server: accepted(pod, 201), want: [] },
  {
    when: "refused in other words",
    model: refusal(409, "Conflict", "a"),
    server: refusal(409, "Conflict", "b"),
    want: [],
  },
  { when: "refused by one", model: accepted(pod), server: refusal(409, "Conflict", "b"), want: ["code"] },
  {
    when: "refused for another reason",
    ...{ model: refusal(409, "Conflict", ""), server: refusal(409, "AlreadyExists", ""), want: ["body.reason"] },
  },
  {
    when: "another generation",
    ...{ model: accepted(pod), server: accepted({ ...pod, metadata: { ...pod.metadata, generation: 2 } }) },
    want: ["body.metadata.generation"],
  },
  {
    when: "filled in with nothing",
    ...{ model: accepted(pod), server: accepted({ ...pod, status: { phase: "" } }) },
    want: ["body.status: empty-values"],
  },
  {
    when: "another owner of a field",
    ...{ model: accepted(owned({ "f:a": {} })), server: accepted(owned({ "f:a": {}, "f:b": {} })) },
    want: ["body.metadata.managedFields.m, Update of object.fieldsV1.f:b"],
  },
])("$when", ({ model, server, want }) => {
  const expected = { user: "u", request: { method: "GET", path } as const, ...model };
  const found = compared({ expected, answer: { ...server, warnings: [] }, contradictions: [] }, terms);
  expect(found.map((one) => (one.because === undefined ? one.path : `${one.path}: ${one.because}`))).toEqual(want);
});
