import { CloudEvent, HTTP } from "cloudevents";
import { pino } from "pino";
import request from "supertest";
import { definitionsOf } from "../definitions.ts";
import { FunctionError } from "./errors.ts";
import { createMetrics } from "./metrics.ts";
import { functionServer } from "./server.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });

function rig({ fail, ready = true }: { fail?: Error; ready?: boolean } = {}) {
  const visited: string[] = [];
  const swept: string[] = [];
  const app = functionServer({
    definitions,
    visit: async ({ name }, key) => {
      if (fail) throw fail;
      visited.push(`${name} ${key.namespace}/${key.name}`);
    },
    sweep: async (chosen) => void swept.push(...chosen.map(({ name }) => name)),
    isReady: () => ready,
    metrics: createMetrics(),
    log: pino({ level: "silent" }),
  });
  return { app, visited, swept };
}

const vmi = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "default", name: "web" };

const event = (data: unknown, type = "dev.knative.apiserver.ref.update") =>
  new CloudEvent({ type, source: "https://api", data, datacontenttype: "application/json" });

const post = (app: ReturnType<typeof rig>["app"], mode: "binary" | "structured", ...of: Parameters<typeof event>) => {
  const { headers, body } = HTTP[mode](event(...of));
  return request(app)
    .post("/")
    .set(headers as Record<string, string>)
    .send(body as string);
};

test.each(["binary", "structured"] as const)(
  "a reference in %s mode reaches every function it concerns",
  async (mode) => {
    const { app, visited } = rig();
    await post(app, mode, vmi).expect(204);
    expect(visited).toEqual(["vm default/web", "vmi default/web"]);
  },
);

test.each([
  { when: "a VM", data: { ...vmi, kind: "VirtualMachine" }, want: ["vm default/web"] },
  {
    when: "a launcher pod",
    data: { ...vmi, apiVersion: "v1", kind: "Pod", name: "virt-launcher-web" },
    want: ["vmi default/web"],
  },
  { when: "another pod", data: { ...vmi, apiVersion: "v1", kind: "Pod", name: "web" }, want: [] },
  { when: "a kind nobody reads", data: { ...vmi, apiVersion: "v1", kind: "Secret" }, want: [] },
  { when: "a kind of another group", data: { ...vmi, apiVersion: "example.org/v1" }, want: [] },
])("$when concerns $want", async ({ data, want }) => {
  const { app, visited } = rig();
  await post(app, "binary", data).expect(204);
  expect(visited).toEqual(want);
});

test("a change of the settings concerns all objects of the functions that read them", async () => {
  const { app, visited, swept } = rig();
  await post(app, "binary", { ...vmi, kind: "KubeVirt", name: "kubevirt" }, "dev.knative.apiserver.ref.add").expect(
    204,
  );
  expect({ visited, swept }).toEqual({ visited: [], swept: ["vmi"] });
});

test.each([
  { when: "no CloudEvent", headers: {}, body: "junk" },
  { when: "no JSON", headers: { "content-type": "application/cloudevents+json" }, body: "{" },
  { when: "a batch", headers: { "content-type": "application/cloudevents-batch+json" }, body: "[]" },
])("$when is refused", async ({ headers, body }) => {
  const { app, visited } = rig();
  const answer = await request(app).post("/").set(headers).send(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ reason: "BadEvent" });
  expect(visited).toEqual([]);
});

test.each([
  { when: "another type", data: vmi, type: "dev.knative.apiserver.resource.update", want: /type "dev.knative/ },
  { when: "no object", data: "web", want: /no object reference/ },
  { when: "no name", data: { ...vmi, name: undefined }, want: /data.name is malformed: found nothing/ },
  { when: "a path as name", data: { ...vmi, name: "../nodes" }, want: /data.name is malformed/ },
  { when: "a number as kind", data: { ...vmi, kind: 7 }, want: /data.kind is malformed: found 7/ },
  { when: "a namespace that is none", data: { ...vmi, namespace: "a/b" }, want: /data.namespace is malformed/ },
])("an event with $when is refused", async ({ data, type, want }) => {
  const { app } = rig();
  const answer = await post(app, "structured", data, type);
  expect(answer.status).toBe(400);
  expect(answer.body.message).toMatch(want);
});

test("a body that is too large is refused before it is read", async () => {
  const { app } = rig();
  await request(app)
    .post("/")
    .set("content-type", "application/cloudevents+json")
    .send("x".repeat(1_000_000))
    .expect(413);
});

test.each([
  { when: "a failure", fail: new Error("secret detail"), want: 500 },
  { when: "conflicts that persist", fail: new FunctionError("ConflictsPersist", "again"), want: 503 },
])("$when is answered with $want and no detail", async ({ fail, want }) => {
  const { app } = rig({ fail });
  const answer = await post(app, "binary", vmi);
  expect(answer.status).toBe(want);
  expect(JSON.stringify(answer.body)).not.toContain(fail.message);
});

test("POST /sweep sweeps every function", async () => {
  const { app, swept } = rig();
  await request(app).post("/sweep").send("{}").expect(204);
  expect(swept).toEqual(["vm", "vmi"]);
});

test.each([
  { path: "/healthz", ready: false, want: 200 },
  { path: "/readyz", ready: false, want: 503 },
  { path: "/readyz", ready: true, want: 200 },
  { path: "/metrics", ready: true, want: 200 },
  { path: "/elsewhere", ready: true, want: 404 },
])("GET $path answers $want when ready is $ready", async ({ path, ready, want }) => {
  await request(rig({ ready }).app).get(path).expect(want);
});

test("events are not taken before all is ready", async () => {
  const { app, visited } = rig({ ready: false });
  await post(app, "binary", vmi).expect(503);
  expect(visited).toEqual([]);
});
