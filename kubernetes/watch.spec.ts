// Copies of what the real API server stores, through restarts, lost history and broken connections.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startApiServer } from "../standalone/apiserver/index.ts";
import { eventually } from "../test/support/eventually.ts";
import { fc } from "../test/support/property.ts";
import type { Change } from "./object-store.ts";
import type { ConfigMap, KubernetesObject } from "./objects.ts";
import { configMaps, customResourceDefinitions, keyOf, keyText, resource } from "./resources.ts";
import { startTestServer, type TestServer } from "./testing/api-server.ts";
import { type Informer, type InformerOptions, inform } from "./watch.ts";

let server: TestServer;
const informers: Informer<KubernetesObject>[] = [];
beforeAll(async () => {
  server = await startTestServer(startApiServer, 100);
});
afterEach(() => {
  for (const informer of informers.splice(0)) informer.stop();
});
afterAll(() => server.close());

const key = (name: string) => ({ namespace: "default", name });
const map = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", data },
  metadata: { namespace: "default", name },
});
// Not through the link: what a test does to that concerns the informer only.
const create = (name: string): Promise<ConfigMap> => server.direct.create(configMaps, map(name));
const set = (name: string, value: string): Promise<ConfigMap> =>
  server.direct.mergePatch(configMaps, key(name), { patch: { data: { value } } });
const remove = (name: string): Promise<void> => server.direct.delete(configMaps, key(name));

interface Followed {
  copy: Informer<ConfigMap>;
  changes: Change<ConfigMap>[];
  errors: unknown[];
}

async function follow(options: InformerOptions<ConfigMap> = {}): Promise<Followed> {
  const changes: Change<ConfigMap>[] = [];
  const errors: unknown[] = [];
  const copy = inform(server.client, configMaps, {
    namespace: "default",
    onChange: (change) => changes.push(change),
    onError: (error) => errors.push(error),
    ...options,
  });
  informers.push(copy as unknown as Informer<KubernetesObject>);
  await copy.synced;
  return { copy, changes, errors };
}

const summaries = ({ changes }: Followed, from = 0): string[] =>
  changes.slice(from).map(({ type, object }) => `${type} ${object.metadata.name}`);
const has = ({ copy }: Followed, name: string, value?: string) => {
  const object = copy.get(`default/${name}`);
  return object !== undefined && (value === undefined || object.data?.value === value);
};

/** What each change makes of the objects before it: the changes alone must lead to what is stored. */
function replay(changes: Change<ConfigMap>[]): Map<string, ConfigMap> {
  const objects = new Map<string, ConfigMap>();
  for (const change of changes) {
    const name = keyText(keyOf(change.object));
    const before = objects.get(name);
    expect(before !== undefined).toBe(change.type !== "added");
    if (change.type === "modified") expect(change.before).toBe(before);
    if (before) expect(change.object.metadata.uid).toBe(before.metadata.uid);
    if (before)
      expect(Number(change.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
        Number(before.metadata.resourceVersion),
      );
    if (change.type === "deleted") objects.delete(name);
    else objects.set(name, change.object);
  }
  return objects;
}

async function expectSameAsStored(followed: Followed): Promise<void> {
  const { items } = await server.direct.list(configMaps, { namespace: "default" });
  const byName = (objects: ConfigMap[]) => new Map(objects.map((object) => [keyText(keyOf(object)), object]));
  expect(byName(followed.copy.all())).toEqual(byName(items));
  expect(replay(followed.changes)).toEqual(byName(items));
}

async function restart(): Promise<void> {
  await server.stop();
  await server.start();
}

/** More changes than the server keeps. */
async function forgetHistory(): Promise<void> {
  for (let n = 0; n < 130; n += 1) await set("noise", `${n}`);
}

const disturbances: Record<string, () => unknown> = {
  nothing: () => undefined,
  cut: () => server.link.cut(),
  restart,
  expiry: async () => {
    server.link.block();
    await forgetHistory();
    server.link.unblock();
  },
};

it("has every object exactly as it is stored, whatever happens to the server and the connection", async () => {
  await create("noise");
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    verb: fc.constantFrom("write", "write", "remove"),
    disturbance: fc.option(fc.constantFrom(...Object.keys(disturbances)), { freq: 4 }),
  });
  let run = 0;
  const scenario = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
    const followed = await follow();
    for (const [index, { name, verb, disturbance }] of steps.entries()) {
      const client = server.direct;
      if (verb === "remove") await client.delete(configMaps, key(name)).catch(() => undefined);
      else await client.apply(configMaps, map(name, { value: `${index}` }), { manager: "test" });
      await disturbances[disturbance ?? "nothing"]?.();
    }
    run += 1;
    await set("noise", `end of ${run}`);
    await eventually(() => has(followed, "noise", `end of ${run}`));
    await expectSameAsStored(followed);
    followed.copy.stop();
  });
  await fc.assert(scenario, { numRuns: 8 });
});

describe("while the connection is broken", () => {
  it("goes on where it was, without telling anything twice", async () => {
    await create("steady");
    const followed = await follow();
    const before = followed.changes.length;
    for (const value of ["1", "2", "3"]) {
      await set("steady", value);
      await eventually(() => has(followed, "steady", value));
      server.link.cut();
    }
    await set("steady", "4");
    await eventually(() => has(followed, "steady", "4"));
    expect(summaries(followed, before)).toEqual(Array(4).fill("modified steady"));
    await remove("steady");
  });

  it.each([
    { when: "history tells of them", between: async () => undefined },
    { when: "history is forgotten", between: forgetHistory },
  ])("hears of deletions and successors afterwards, as $when", async ({ between }) => {
    const first = await create("successor");
    await create("leaving");
    const followed = await follow();
    const before = followed.changes.length;
    server.link.block();
    await remove("leaving");
    await remove("successor");
    const second = await create("successor");
    await between();
    server.link.unblock();
    await eventually(() => followed.copy.get("default/successor")?.metadata.uid === second.metadata.uid);
    await eventually(() => !has(followed, "leaving"));
    const told = summaries(followed, before).filter((text) => !text.endsWith("noise"));
    expect(told.toSorted()).toEqual(["added successor", "deleted leaving", "deleted successor"]);
    expect(told.indexOf("deleted successor")).toBeLessThan(told.indexOf("added successor"));
    const deleted = followed.changes.find(
      ({ type, object }) => type === "deleted" && object.metadata.name === "successor",
    );
    expect(deleted?.object.metadata.uid).toBe(first.metadata.uid);
    await remove("successor");
  });

  it("is told once that it is, and once more when it breaks again", async () => {
    const { errors, ...followed } = await follow();
    for (const round of [1, 2]) {
      server.link.block();
      await sleep(800); // several tries
      server.link.unblock();
      await create(`round-${round}`);
      await eventually(() => has({ ...followed, errors }, `round-${round}`));
      await remove(`round-${round}`);
    }
    const messages = errors.map((error) => (error as Error).message);
    expect(messages.length).toBeLessThanOrEqual(6); // the break itself, and how the tries after it failed
    expect(messages.length).toBeGreaterThanOrEqual(2);
  });

  it("notices that the server went silent", async () => {
    const { errors, ...followed } = await follow({ watchSeconds: 2 });
    await create("heard");
    await eventually(() => has({ ...followed, errors }, "heard"));
    server.link.silence();
    await create("unheard");
    await eventually(() => has({ ...followed, errors }, "unheard"), { seconds: 30 });
    expect(String(errors[0])).toContain("was not answered in time");
    await Promise.all([remove("heard"), remove("unheard")]);
  });

  it("takes the end of a watch that was agreed on for no error", async () => {
    const followed = await follow({ watchSeconds: 1 });
    await sleep(2_500);
    await create("later");
    await eventually(() => has(followed, "later"));
    expect(followed.errors).toEqual([]);
    await remove("later");
  });
});

it("sees a character that only some call the end of a line", async () => {
  const followed = await follow();
  await server.direct.create(configMaps, map("separators", { value: "a\u2028b\u2029c\rd" }));
  await eventually(() => has(followed, "separators", "a\u2028b\u2029c\rd"));
  expect(followed.errors).toEqual([]);
  await remove("separators");
});

it("sees an object near the limit of what the server takes", async () => {
  const followed = await follow();
  const value = "ä".repeat(1024 * 1024);
  await server.direct.create(configMaps, map("large", { value }));
  await eventually(() => has(followed, "large", value));
  await remove("large");
});

it("follows objects into its selection and out of it", async () => {
  await server.direct.create(configMaps, { ...map("in"), metadata: { ...key("in"), labels: { side: "in" } } });
  await create("out");
  const followed = await follow({ labelSelector: "side=in" });
  expect(followed.copy.all().map(({ metadata }) => metadata.name)).toEqual(["in"]);
  await server.direct.mergePatch(configMaps, key("out"), { patch: { metadata: { labels: { side: "in" } } } });
  await eventually(() => has(followed, "out"));
  await server.direct.mergePatch(configMaps, key("in"), { patch: { metadata: { labels: null } } });
  await eventually(() => !has(followed, "in"));
  expect(summaries(followed)).toEqual(["added in", "added out", "deleted in"]);
  await Promise.all([remove("in"), remove("out")]);
});

it("keeps no more of an object than it is to keep, and notices changes of the rest all the same", async () => {
  await server.direct.create(configMaps, map("lean", { value: "long" }));
  const keep = ({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }: ConfigMap) =>
    ({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }) as ConfigMap;
  const followed = await follow({ keep });
  await set("lean", "longer");
  await eventually(() => summaries(followed).includes("modified lean"));
  expect(followed.copy.get("default/lean")).not.toHaveProperty("data");
  expect(followed.changes.every(({ object }) => !("data" in object))).toBe(true);
  await remove("lean");
});

describe("a listener that throws", () => {
  it("is reported, and hears the next change", async () => {
    const heard: string[] = [];
    const { errors } = await follow({
      onChange: ({ object }) => {
        heard.push(object.metadata.name);
        if (object.metadata.name === "bad") throw new Error("listener failed");
      },
    });
    await create("bad");
    await create("good");
    await eventually(() => heard.includes("good"));
    expect(errors).toMatchObject([{ message: /ConfigMap default\/bad/, cause: { message: "listener failed" } }]);
    await Promise.all([remove("bad"), remove("good")]);
  });
});

describe("a kind whose definition is not there yet", () => {
  const group = "example.com";
  const widgets = resource<KubernetesObject>(`${group}/v1`, "Widget");
  const definition = {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
    metadata: { name: `widgets.${group}` },
    spec: {
      ...{ group, scope: "Namespaced", names: { plural: "widgets", kind: "Widget" } },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  };

  it("is reported once, and listed when it appears", async () => {
    const errors: unknown[] = [];
    const copy = inform(server.client, widgets, { onError: (error) => errors.push(error) });
    informers.push(copy);
    await sleep(1_200);
    await server.direct.create(customResourceDefinitions, definition);
    await copy.synced;
    expect(errors).toMatchObject([{ code: 404 }]);
  });
});

describe("once it is stopped", () => {
  it("tells nothing any more and leaves no connection", async () => {
    const own = server.connect();
    const changes: unknown[] = [];
    const copy = inform(own, configMaps, { onChange: (change) => changes.push(change) });
    await copy.synced;
    await eventually(() => own.transport.sent.GET === 2);
    const told = changes.length;
    copy.stop();
    await create("after");
    await remove("after");
    await sleep(100);
    expect(changes).toHaveLength(told);
    own.close();
    server.client.close();
    await eventually(() => server.link.open === 0);
  });

  it("stops within its first list as well", async () => {
    const changes: unknown[] = [];
    const copy = inform(server.client, configMaps, { onChange: (change) => changes.push(change) });
    copy.stop();
    await sleep(200);
    expect(changes).toEqual([]);
  });

  it("lets the process end", async () => {
    const { output, exit } = await runProgram(`
      const copy = inform(client, configMaps);
      await copy.synced;
      copy.stop();
      console.log("stopped");
    `);
    expect([output, exit]).toEqual(["stopped\n", 0]);
  });
});

it("ends the process when a listener throws and nobody hears of errors", async () => {
  const { exit, complaint } = await runProgram(`
    inform(client, configMaps, { onChange: () => { throw new Error("listener failed"); } });
  `);
  expect(exit).toBe(1);
  expect(complaint).toContain("listener failed");
});

/** A process of its own, with `client` and the client's exports; ended after 60 seconds. */
async function runProgram(body: string) {
  const program = `
    import { connectClient, inform, configMaps } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const { server, ca, token } = JSON.parse(process.argv[1]);
    const client = connectClient({ server, ca, token: () => token });
    ${body}
  `;
  const { server: url, ca, token } = server.access;
  const args = ["--no-warnings", "--input-type=module", "-e", program];
  const child = spawn(process.execPath, [...args, JSON.stringify({ server: url, ca, token: token?.() })], {
    ...{ stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_OPTIONS: "" }, timeout: 60_000 },
  });
  const [output, complaint, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { output, complaint, exit };
}
