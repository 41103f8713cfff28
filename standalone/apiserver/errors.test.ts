// What is refused, and in which words; nothing that arrives may end the process.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { configMap, definitions, inDefault, pod, widget, widgetDefinition, widgets } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post(definitions, widgetDefinition());
  await server.post(definitions, widgetDefinition("test.kubevirt.io"));
});
afterAll(() => server.close());

const maps = inDefault("configmaps");
const strict = "?fieldValidation=Strict";
const virtual = { ...widget("w", { size: 1, foo: { bar: 1 } }), apiVersion: "test.kubevirt.io/v1" };

test.each([
  {
    when: "there is no such object",
    call: () => server.get(`${widgets}/x`),
    want: [404, "NotFound", 'widgets.example.com "x" not found'],
  },
  {
    when: "there is no such resource",
    call: () => server.get("/apis/example.com/v1/gadgets"),
    want: [404, "NotFound", "the server could not find the requested resource"],
  },
  {
    when: "there is no such namespace",
    call: () => server.post("/api/v1/namespaces/nowhere/configmaps", configMap("a")),
    want: [404, "NotFound", 'namespaces "nowhere" not found'],
  },
  {
    when: "the name is taken",
    call: () =>
      server.post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }),
    want: [409, "AlreadyExists", 'namespaces "default" already exists'],
  },
  {
    when: "a value is of the wrong type",
    call: () => server.post(widgets, widget("w", { size: "large" })),
    want: [422, "Invalid", 'Widget.example.com "w" is invalid: spec.size: Invalid value: "string": '],
  },
  {
    when: "a value is missing",
    call: () => server.post(widgets, widget("w", {})),
    want: [422, "Invalid", 'Widget.example.com "w" is invalid: spec.size: Required value'],
  },
  {
    when: "the name is no name",
    call: () => server.post(maps, configMap("Not A Name")),
    want: [422, "Invalid", 'ConfigMap "Not A Name" is invalid: metadata.name: Invalid value: "Not A Name": '],
  },
  {
    when: "there is no name",
    call: () => server.post(maps, { apiVersion: "v1", kind: "ConfigMap" }),
    want: [
      422,
      "Invalid",
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
  },
  {
    when: "labels are not a map of text",
    call: () => server.post(maps, { ...configMap("a"), metadata: { name: "a", labels: { x: 1 } } }),
    want: [400, "BadRequest", 'ConfigMap in version "v1" cannot be handled as a ConfigMap: '],
  },
  {
    when: "a field is unknown and the client is strict",
    call: () => server.post(`${widgets}${strict}`, widget("w", { size: 1, foo: 1 })),
    want: [
      400,
      "BadRequest",
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.foo"',
    ],
  },
  {
    when: "a field of a kubevirt kind is unknown, whatever the client says",
    call: () => server.post("/apis/test.kubevirt.io/v1/namespaces/default/widgets?fieldValidation=Ignore", virtual),
    want: [
      400,
      "BadRequest",
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.foo"',
    ],
  },
  {
    when: "a pod has a field that this host does not honour",
    call: () => server.post(`${inDefault("pods")}${strict}`, pod("p", { hostAliases: [{ ip: "1.2.3.4" }] })),
    want: [
      400,
      "BadRequest",
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.hostAliases"',
    ],
  },
  {
    when: "kind or version are not those of the path",
    call: () => server.post(maps, { ...configMap("a"), kind: "Secret" }),
    want: [400, "BadRequest", "the kind in the data (Secret) does not match the expected kind (ConfigMap)"],
  },
  {
    when: "the namespace is not that of the path",
    call: () => server.post(maps, { ...configMap("a"), metadata: { name: "a", namespace: "other" } }),
    want: [
      400,
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    ],
  },
  {
    when: "the body is no JSON",
    call: () => server.post(maps, "{{{"),
    want: [400, "BadRequest", "couldn't parse the body of the request: "],
  },
  {
    when: "the body is no object",
    call: () => server.post(maps, "[1]"),
    want: [400, "BadRequest", "the body of the request must be an object"],
  },
  {
    when: "the body is 1 MB of junk",
    call: () => server.post(maps, "\u0000\u00ffx{".repeat(250_000)),
    want: [400, "BadRequest", "couldn't parse the body of the request: "],
  },
  {
    when: "the body is nested too deeply",
    call: () => server.post(maps, `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    want: [400, "BadRequest", "the body of the request "],
  },
  {
    when: "the body tries to change what objects are",
    call: () => server.post(maps, '{"metadata":{"name":"a"},"__proto__":{"x":1}}'),
    want: [400, "BadRequest", 'the body of the request must not have a field named "__proto__"'],
  },
  {
    when: "the body is larger than 3 MiB",
    call: () => server.post(maps, configMap("large", { data: { a: "x".repeat(3_200_000) } })),
    want: [413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728 bytes"],
  },
  {
    when: "the body is of a type we do not read",
    call: () => server.request("POST", maps, { body: "x", headers: { "content-type": "application/xml" } }),
    want: [
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: ",
    ],
  },
  {
    when: "the answer is wanted in a type we do not write",
    call: () => server.get(maps, { accept: "application/xml" }),
    want: [406, "NotAcceptable", "only the following media types are accepted: application/json"],
  },
  {
    when: "the method is none of the resource's",
    call: () => server.post(`${maps}/a`, configMap("a")),
    want: [405, "MethodNotAllowed", "the server does not allow this method on the requested resource"],
  },
  {
    when: "a pod is to be evicted",
    call: () => server.post(`${inDefault("pods")}/p/eviction`, {}),
    want: [405, "MethodNotAllowed", "pods/eviction is not supported on this host: "],
  },
  {
    when: "the label selector is none",
    call: () => server.get(`${maps}?labelSelector=a%20b`),
    want: [400, "BadRequest", "unable to parse requirement: "],
  },
  {
    when: "the field cannot be selected by",
    call: () => server.get(`${maps}?fieldSelector=data.a%3D1`),
    want: [400, "BadRequest", "field label not supported: data.a"],
  },
  {
    when: "the limit is no number",
    call: () => server.get(`${maps}?limit=many`),
    want: [400, "BadRequest", 'limit: Invalid value: "many": must be a number'],
  },
  {
    when: "the continue token is not ours",
    call: () => server.get(`${maps}?continue=abc`),
    want: [400, "BadRequest", "continue key is not valid"],
  },
  {
    when: "a dry run is asked for in other words",
    call: () => server.post(`${maps}?dryRun=yes`, configMap("a")),
    want: [
      422,
      "Invalid",
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["yes"]: supported values: "All"',
    ],
  },
])("$when", async ({ call, want: [code, reason, message] }) => {
  const answer = await call();
  expect(answer.body).toMatchObject({ kind: "Status", status: "Failure", code, reason });
  expect(answer.body.message.slice(0, String(message).length)).toBe(message);
  expect(answer.code).toBe(code);
  expect((await server.get("/livez")).code).toBe(200);
});

test("a refusal of several fields names them all", async () => {
  const { body } = await server.post(widgets, widget("w", { size: 99, colour: "blue" }));
  expect(body.details).toMatchObject({ name: "w", group: "example.com", kind: "Widget" });
  expect(body.details.causes.map(({ field }: { field: string }) => field).sort()).toEqual([
    "spec.colour",
    "spec.size",
  ]);
  expect(body.message).toMatch(/ is invalid: \[spec\..*, spec\..*\]$/);
});

test("an unknown field is dropped with a warning unless the client is strict", async () => {
  const { code, body, headers } = await server.post(widgets, widget("warned", { size: 1, foo: 1 }));
  expect([code, body.spec.foo]).toEqual([201, undefined]);
  expect(headers.warning).toBe('299 - "unknown field \\"spec.foo\\""');
  const silent = await server.post(`${widgets}?fieldValidation=Ignore`, widget("ignored", { size: 1, foo: 1 }));
  expect(silent.headers.warning).toBeUndefined();
});

test.each([
  { path: "/livez", token: "", code: 200 },
  { path: "/readyz", token: "", code: 200 },
  { path: "/healthz", token: "", code: 200 },
  { path: "/version", token: "", code: 401 },
  { path: "/api/v1/pods", token: "", code: 401 },
  { path: "/api/v1/pods", token: "wrong", code: 401 },
  { path: "/api/v1/pods", token: undefined, code: 200 },
])("GET $path with token $token answers $code", async ({ path, token, code }) => {
  const answer = await server.request("GET", path, { token });
  expect(answer.code).toBe(code);
  if (code === 401) expect(answer.body).toMatchObject({ kind: "Status", reason: "Unauthorized" });
});
