// Requests are filled in from what the server has told before.
import { emptyMemory, remember, sentFor } from "./memory.ts";
import { lineOf, type Step } from "./step.ts";

const path = "/api/v1/namespaces/compare/secrets";
const told = (resourceVersion: string) => ({
  ...{ code: 200, warnings: [] },
  body: { kind: "Secret", metadata: { name: "a", uid: "u", resourceVersion }, data: { a: "MQ==" } },
});

const memory = emptyMemory("3");
const get: Step = { method: "GET", path: `${path}/a` };
for (const version of ["5", "9"]) remember(memory, get, told(version));

test.each([
  { name: "@uid", want: "u" },
  { name: "@rv", want: "9" },
  { name: "@old-rv", want: "5" },
  { name: "@list-rv", want: "3" },
])("$name is filled in", ({ name, want }) => {
  const sent = sentFor({ method: "DELETE", path: `${path}/a`, body: { preconditions: { x: name } } }, memory);
  expect(sent.body).toEqual({ preconditions: { x: want } });
});

test("a change is made to the object as it was last seen", () => {
  const step: Step = { method: "PUT", path: `${path}/a`, body: {}, change: { data: { a: null, b: "Mg==" } } };
  expect(sentFor(step, memory).body).toEqual({ ...told("9").body, data: { b: "Mg==" } });
  expect(lineOf(step)).toBe(`replace ${path}/a last seen, with {"data":{"a":null,"b":"Mg=="}}`);
});
