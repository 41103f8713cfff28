// What the simulation relies on beside the answers: frozen objects, told writes, one history, the same in every run.
import { expect, test } from "@jest/globals";
import { virtualMachineInstances } from "@knvirt/api";
import { type ApiError, type ApiRequest, pathOf, pods, type Resource } from "@knvirt/kubernetes";
import { type ApiServer, apiServer, type WatchEvent, type Write } from "./index.ts";

const now = () => new Date("2026-01-01T00:00:00Z");
const inDefault = (of: Resource, name?: string, part?: string) =>
  pathOf(of, { namespace: "default", ...(name !== undefined && { name }) }, part);

const spec = { containers: [{ name: "main", image: "i:1" }], terminationGracePeriodSeconds: 30 };
const podNamed = (name: string, metadata: object = {}) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, ...metadata }, spec },
});

function talk(model: ApiServer) {
  const call = (method: ApiRequest["method"], path: string, rest: Partial<ApiRequest> = {}) =>
    // biome-ignore lint/suspicious/noExplicitAny: answers are of every shape
    model.call({ method, path, ...rest }, "tester") as any;
  return {
    call,
    create: (name: string, metadata = {}) => call("POST", inDefault(pods), { body: podNamed(name, metadata) }),
    bind: (name: string, node: string) =>
      call("POST", inDefault(pods, name, "binding"), { body: { target: { name: node } } }),
    remove: (name: string, body: object = {}) => call("DELETE", inDefault(pods, name), { body }),
    patch: (name: string, body: object, part?: string) =>
      call("PATCH", inDefault(pods, name, part), { body, contentType: "application/merge-patch+json" }),
    refusal: (work: () => unknown): ApiError => {
      try {
        work();
      } catch (error) {
        return error as ApiError;
      }
      throw new Error("was not refused");
    },
  };
}

const begun = () => {
  const writes: Write[] = [];
  const model = apiServer({ now, onWrite: (write) => void writes.push(write) });
  return { model, writes, ...talk(model) };
};

test("what is answered is what is stored, and nobody can change it", () => {
  const { model, create, call } = begun();
  const created = create("a");
  expect(call("GET", inDefault(pods, "a"))).toBe(created);
  expect(model.find(pods, { namespace: "default", name: "a" })).toBe(created);
  expect(() => {
    created.spec.containers[0].image = "other";
  }).toThrow(TypeError);
});

test("every accepted write is told, also one that changes nothing and one that ends an object", () => {
  const { writes, create, patch, remove, refusal, model } = begun();
  const created = create("a", { finalizers: ["x/y"] });
  patch("a", { metadata: { labels: { a: "1" } } });
  patch("a", { metadata: { labels: { a: "1" } } });
  remove("a");
  patch("a", { metadata: { finalizers: null } });
  refusal(() => remove("a"));
  expect(writes.map(({ verb, before, after }) => [verb, before === after, after === undefined])).toEqual([
    ["create", false, false],
    ["patch", false, false],
    ["patch", true, false],
    ["delete", false, false],
    ["patch", false, true],
  ]);
  expect(writes[0]).toMatchObject({ user: "tester", manager: "tester", kind: "Pod", after: created });
  expect(model.all(pods)).toEqual([]);
});

test("a bound pod gets its time to end, which a second request only shortens", () => {
  const { create, bind, remove, refusal, call } = begun();
  create("a");
  bind("a", "n1");
  const endOf = ({ metadata }: { metadata: Record<string, unknown> }) => [
    metadata.deletionTimestamp,
    metadata.deletionGracePeriodSeconds,
  ];
  expect(endOf(remove("a"))).toEqual(["2026-01-01T00:00:30Z", 30]);
  expect(endOf(remove("a", { gracePeriodSeconds: 60 }))).toEqual(["2026-01-01T00:00:30Z", 30]);
  expect(endOf(remove("a", { gracePeriodSeconds: 5 }))).toEqual(["2026-01-01T00:00:05Z", 5]);
  expect(refusal(() => remove("a", { gracePeriodSeconds: 0, preconditions: { uid: "other" } })).code).toBe(409);
  remove("a", { gracePeriodSeconds: 0 });
  expect(refusal(() => call("GET", inDefault(pods, "a"))).reason).toBe("NotFound");
});

test("a pod without a node goes at once", () => {
  const { create, remove, model } = begun();
  create("a");
  remove("a");
  expect(model.all(pods)).toEqual([]);
});

test("who watches a node's pods sees them come and go, and nobody else's", () => {
  const { model, create, bind, patch } = begun();
  const seen: string[] = [];
  const tell = ({ type, object }: WatchEvent) => void seen.push(`${type} ${object.metadata.name}`);
  const query = { fieldSelector: "spec.nodeName=n1" };
  const { close } = model.watch({ method: "GET", path: pathOf(pods, {}), query }, tell);
  for (const name of ["a", "b", "c"]) create(name);
  bind("a", "n1");
  bind("b", "n2");
  patch("a", { status: { phase: "Running" } }, "status");
  close();
  bind("c", "n1");
  expect(seen).toEqual(["ADDED a", "MODIFIED a"]);
});

test("pages of one list show one moment, until that is forgotten", () => {
  const { model, create, remove, patch, call, refusal } = begun();
  for (const name of ["a", "b", "c", "d"]) create(name);
  const page = (token?: string) => call("GET", inDefault(pods), { query: { limit: 2, continue: token } });
  const { metadata, items } = page();
  const namesOf = (objects: { metadata: { name: string } }[]) => objects.map((object) => object.metadata.name);
  remove("d");
  create("bb");
  expect([namesOf(items), namesOf(page(metadata.continue).items)]).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  model.compact();
  patch("a", { metadata: { labels: { a: "1" } } });
  expect(refusal(() => page(metadata.continue))).toMatchObject({ code: 410, reason: "Expired" });
  const path = inDefault(pods);
  const since = { resourceVersion: metadata.resourceVersion, watch: true };
  expect(refusal(() => model.watch({ method: "GET", path, query: since }, () => {})).code).toBe(410);
});

test("the same requests make the same objects, uids and generated names among them", () => {
  const run = () => {
    const { model, call, create } = begun();
    create("", { generateName: "made-" });
    const body = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", metadata: { name: "a" }, spec: {} };
    call("POST", inDefault(virtualMachineInstances), { body });
    return [model.all(pods), model.all(virtualMachineInstances)];
  };
  expect(run()).toEqual(run());
});
