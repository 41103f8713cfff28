import { systemClock } from "@knvirt/kubernetes";
import { CloudEvent, HTTP } from "cloudevents";
import { pino } from "pino";
import request from "supertest";
import { type AnswerOptions, functionsAnswer } from "./answer.ts";
import { FunctionError } from "./errors.ts";
import { functionServer } from "./server.ts";

function rig(options: Partial<AnswerOptions> = {}) {
  const taken: unknown[] = [];
  const log = pino({ level: "silent" });
  const answer = functionsAnswer({
    names: ["vm", "vmi"],
    take: (reference, name) => void taken.push(name === undefined ? reference : { name, reference }),
    sweep: async () => [],
    stayAwake: async () => undefined,
    isReady: () => true,
    metrics: { contentType: "text/plain", text: async () => "figures" },
    log,
    clock: systemClock,
    ...options,
  });
  return { server: functionServer({ answer, log }), taken };
}

const vmi = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "default", name: "web" };

const event = (data: unknown, type = "dev.knative.apiserver.ref.update") =>
  new CloudEvent({ type, source: "https://api", data, datacontenttype: "application/json" });

type Server = ReturnType<typeof rig>["server"];

const post = (server: Server, mode: "binary" | "structured", ...of: Parameters<typeof event>) => {
  const { headers, body } = HTTP[mode](event(...of));
  return request(server)
    .post("/")
    .set(headers as Record<string, string>)
    .send(body as string);
};

test.each([
  { mode: "binary", type: "add" },
  { mode: "binary", type: "delete" },
  { mode: "structured", type: "update" },
  { mode: "structured", type: "delete" },
] as const)("a reference in $mode mode is taken: $type", async ({ mode, type }) => {
  const { server, taken } = rig();
  await post(server, mode, vmi, `dev.knative.apiserver.ref.${type}`).expect(202);
  expect(taken).toEqual([vmi]);
});

test("an event as the API server source sends it is taken", async () => {
  const { server, taken } = rig();
  await request(server)
    .post("/")
    .set({
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "4d6c9c6a-5f57-4b16-9d4a-6ad8b7e8c8b0",
      "ce-source": "https://10.96.0.1:443",
      "ce-type": "dev.knative.apiserver.ref.delete",
      "ce-subject": "/apis/v1/namespaces/default/pods/virt-launcher-web",
      "ce-apiversion": "v1",
      "ce-kind": "Pod",
      "ce-name": "virt-launcher-web",
      "ce-namespace": "default",
    })
    .send('{"kind":"Pod","namespace":"default","name":"virt-launcher-web","apiVersion":"v1"}')
    .expect(202);
  expect(taken).toEqual([{ kind: "Pod", namespace: "default", name: "virt-launcher-web", apiVersion: "v1" }]);
});

test("an event to the path of a function is for that one alone", async () => {
  const { server, taken } = rig();
  const { headers, body } = HTTP.binary(event(vmi));
  const send = (path: string) =>
    request(server)
      .post(path)
      .set(headers as Record<string, string>)
      .send(body as string);
  await send("/vmi").expect(202);
  await send("/other").expect(404);
  expect(taken).toEqual([{ name: "vmi", reference: vmi }]);
});

test.each([
  { when: "no CloudEvent", headers: {}, body: "junk" },
  { when: "no JSON", headers: { "content-type": "application/cloudevents+json" }, body: "{" },
  { when: "no object", headers: { "content-type": "application/cloudevents+json" }, body: "7" },
  { when: "a batch", headers: { "content-type": "application/cloudevents-batch+json" }, body: "[]" },
  {
    when: "of another version",
    headers: { "content-type": "application/cloudevents+json" },
    body: JSON.stringify({
      specversion: "0.3",
      id: "1",
      source: "/",
      type: "dev.knative.apiserver.ref.add",
      data: vmi,
    }),
  },
  {
    when: "without an id",
    headers: { "content-type": "application/cloudevents+json" },
    body: JSON.stringify({ specversion: "1.0", source: "/", type: "dev.knative.apiserver.ref.add", data: vmi }),
  },
])("what is $when is refused", async ({ headers, body }) => {
  const { server, taken } = rig();
  const answer = await request(server).post("/").set(headers).send(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ reason: "BadEvent" });
  expect(taken).toEqual([]);
});

test.each([
  { when: "another type", data: vmi, type: "dev.knative.apiserver.resource.update", want: /type "dev.knative/ },
  { when: "no object", data: "web", want: /no object reference/ },
  { when: "no name", data: { ...vmi, name: undefined }, want: /data.name is malformed: found nothing/ },
  { when: "a path as name", data: { ...vmi, name: "../nodes" }, want: /data.name is malformed/ },
  { when: "a number as kind", data: { ...vmi, kind: 7 }, want: /data.kind is malformed: found 7/ },
  { when: "a namespace that is none", data: { ...vmi, namespace: "a/b" }, want: /data.namespace is malformed/ },
])("an event with $when is refused", async ({ data, type, want }) => {
  const answer = await post(rig().server, "structured", data, type);
  expect(answer.status).toBe(400);
  expect(answer.body.message).toMatch(want);
});

test("a body that is too large is refused", async () => {
  const structured = { "content-type": "application/cloudevents+json" };
  await request(rig().server).post("/").set(structured).send("x".repeat(100_000)).expect(413);
});

test("a failure is answered without detail", async () => {
  const sweep = async () => {
    throw new Error("secret detail");
  };
  const answer = await request(rig({ sweep }).server).post("/sweep").send("{}");
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer.body)).not.toContain("secret");
});

test("a sweep that meets persisting conflicts may be asked for again", async () => {
  const sweep = async () => {
    throw new FunctionError("ConflictsPersist", "again");
  };
  await request(rig({ sweep }).server).post("/sweep").expect(503);
});

const swept = (repairs: number, failures: number, lookAgainSeconds: number) => ({
  objects: 3,
  ...{ repairs, failures, lookAgainSeconds },
});

test.each([
  {
    when: "nothing waits",
    given: [swept(0, 0, Infinity), swept(0, 0, Infinity)],
    want: { objects: 6, repairs: 0, failures: 0 },
  },
  {
    when: "some wait",
    given: [swept(2, 0, 40), swept(1, 1, 20)],
    want: { objects: 6, repairs: 3, failures: 1, lookAgainSeconds: 20 },
  },
])("POST /sweep is answered when the sweep is done, with what it found when $when", async ({ given, want }) => {
  const sweep = async () => given;
  const answer = await request(rig({ sweep }).server).post("/sweep").send("{}").expect(200);
  expect(answer.body).toEqual({ ...want, seconds: expect.any(Number) });
});

test("POST /awake is answered after as many seconds as it names", async () => {
  const asked: number[] = [];
  const stayAwake = async (seconds: number) => void asked.push(seconds);
  await request(rig({ stayAwake }).server).post("/awake?seconds=7").expect(204);
  expect(asked).toEqual([7]);
});

test.each([
  { path: "/healthz", ready: false, want: 200 },
  { path: "/readyz", ready: false, want: 503 },
  { path: "/readyz", ready: true, want: 200 },
  { path: "/metrics", ready: true, want: 200 },
  { path: "/elsewhere", ready: true, want: 404 },
])("GET $path answers $want when ready is $ready", async ({ path, ready, want }) => {
  await request(rig({ isReady: () => ready }).server)
    .get(path)
    .expect(want);
});

test("events are not taken before all is ready", async () => {
  const { server, taken } = rig({ isReady: () => false });
  await post(server, "binary", vmi).expect(503);
  expect(taken).toEqual([]);
});
