// Whatever is sent: the answer is a Status below 500, and the server goes on.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fc } from "../../test/support/property.ts";
import { configMap, definitions, inDefault, pod, widget, widgetDefinition, widgets } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
const errors: unknown[] = [];
beforeAll(async () => {
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: object) => void errors.push(fields),
  };
  server = await startTestServer({ log });
  await server.post(definitions, widgetDefinition());
  await server.post(widgets, widget("target", { size: 1 }, { finalizers: ["example.com/hold"] }));
  await server.delete(`${widgets}/target`);
});
afterAll(() => server.close());

/** Objects whose members are called as those of every JavaScript object break code that converts them to text. */
const junk = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constant({ toString: null, valueOf: 1, constructor: {}, length: -1 }) },
);

/** A sound object with one part replaced by anything. */
const damaged = (objects: object[]) =>
  fc.tuple(fc.constantFrom(...objects), fc.nat(), junk).map(([object, place, value]) => {
    const copy = structuredClone(object);
    const parts = partsOf(copy);
    const part = parts[place % parts.length];
    if (part) part.holder[part.key] = value;
    return copy;
  });

interface Part {
  holder: Record<string, unknown>;
  key: string;
}

const partsOf = (value: unknown): Part[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [
        { holder: value as Record<string, unknown>, key },
        ...partsOf(inner),
      ])
    : [];

const owner = { apiVersion: "v1", kind: "Pod", name: "x", uid: "u", controller: true, blockOwnerDeletion: false };
const fieldsV1 = { "f:spec": { "f:size": {} } };
const managedFields = [
  { manager: "m", operation: "Update", apiVersion: "example.com/v1", fieldsType: "FieldsV1", fieldsV1 },
];
const metadata = {
  labels: { a: "b" },
  annotations: { c: "d" },
  finalizers: ["e.f/g"],
  ownerReferences: [owner],
  managedFields,
};

const targets: [path: string, objects: object[]][] = [
  [widgets, [widget("target", { size: 2 }, metadata)]],
  [inDefault("pods"), [{ ...pod("target"), status: { phase: "Running" } }]],
  [inDefault("secrets"), [{ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } }]],
  [inDefault("configmaps"), [configMap("c", { data: { a: "b" }, immutable: true })]],
  [
    "/api/v1/namespaces",
    [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" }, spec: { finalizers: ["a"] } }],
  ],
  [
    inDefault("events"),
    [{ apiVersion: "v1", kind: "Event", metadata: { name: "e" }, involvedObject: { kind: "Pod" } }],
  ],
  [definitions, [widgetDefinition("junk.example.com")]],
  ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", [{ spec: { resourceAttributes: { verb: "get" } } }]],
  ["/apis/authentication.k8s.io/v1/tokenreviews", [{ spec: { token: "t" } }]],
];

const types = ["json-patch+json", "merge-patch+json", "strategic-merge-patch+json", "apply-patch+yaml"];

test.each(targets)(
  "%s",
  async (path, objects) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(objects), junk), fc.constantFrom(...types), async (body, type) => {
        const answers = [
          await server.post(`${path}?dryRun=All`, body),
          await server.put(`${path}/target?dryRun=All`, body),
          await server.patch(`${path}/target?dryRun=All&fieldManager=t&force=true`, body, type),
          await server.patch(`${path}/target/status?dryRun=All&fieldManager=t&force=true`, body, type),
          await server.delete(`${path}/target?dryRun=All`, body),
        ];
        for (const answer of answers) {
          if (answer.code >= 500) throw new Error(`${answer.text} for ${JSON.stringify(body)} as ${type}`);
          if (answer.code >= 400)
            expect(answer.body).toMatchObject({ kind: "Status", status: "Failure", code: answer.code });
        }
      }),
      { numRuns: 40 },
    );
    expect(errors).toEqual([]);
  },
  60_000,
);

test.each([
  "/%zz",
  "/api/v1/namespaces/%ff/pods/x",
  "//",
  "/apis//",
  "/api/v1/pods?limit=%zz",
  "/api/v1/pods/constructor",
  "/apis/example.com/v1/namespaces/default/widgets/target/constructor",
])("GET %s", async (path) => {
  const { code, body } = await server.get(path);
  expect(code).toBeLessThan(500);
  expect(body.kind).toBeDefined();
});

test("junk in place of protobuf", async () => {
  const headers = { "content-type": "application/vnd.kubernetes.protobuf" };
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, isMarked) => {
      const body = Buffer.concat([Buffer.from(isMarked ? "k8s\0" : ""), bytes]);
      const { code } = await server.request("POST", inDefault("configmaps"), { body, headers });
      expect([400, 415]).toContain(code);
    }),
    { numRuns: 100 },
  );
});
