// Watches over HTTPS: where they start, what they show, how they go on after a break.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { fc } from "../../test/support/property.ts";
import { configMap, definitions, inDefault, widget, widgetDefinition, widgets } from "./testing/samples.ts";
import { startTestServer, type TestServer, type Watch, type WatchLine } from "./testing/test-server.ts";

let server: TestServer;
const open: Watch[] = [];
beforeAll(async () => {
  server = await startTestServer({ history: 200 });
  await server.post(definitions, widgetDefinition());
});
afterEach(() => Promise.all(open.splice(0).map((watch) => watch.close())));
afterAll(() => server.close());

const maps = inDefault("configmaps");

function watch(path: string): Watch {
  const opened = server.watch(path);
  open.push(opened);
  return opened;
}

const listVersion = async (path = maps): Promise<string> => (await server.get(path)).body.metadata.resourceVersion;

const summary = ({ type, object }: { type: string; object: { metadata: { name: string } } }): string =>
  `${type} ${object.metadata.name}`;

describe("where a watch starts", () => {
  test("without a resourceVersion: with what is there", async () => {
    await server.post(widgets, widget("present"));
    const lines = await watch(`${widgets}?watch=1`).seen(1);
    expect(lines.map(summary)).toEqual(["ADDED present"]);
    await server.delete(`${widgets}/present`);
  });

  test("with a resourceVersion: after it", async () => {
    await server.post(maps, configMap("before"));
    const from = await listVersion();
    await server.patch(`${maps}/before`, { data: { a: "1" } });
    const resumed = watch(`${maps}?watch=1&resourceVersion=${from}`);
    await resumed.seen(1);
    await server.delete(`${maps}/before`);
    const lines = await resumed.seen(2);
    expect(lines.map(summary)).toEqual(["MODIFIED before", "DELETED before"]);
    expect(lines[1]?.object.data).toEqual({ a: "1" });
    expect(Number(lines[1]?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(lines[0]?.object.metadata.resourceVersion),
    );
  });

  test("as a streaming list: what is there, a mark, what comes", async () => {
    await server.post(widgets, widget("streamed"));
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const streamed = watch(`${widgets}?${query}`);
    const [first, mark] = await streamed.seen(2);
    expect(summary(first as never)).toBe("ADDED streamed");
    expect(mark).toMatchObject({
      type: "BOOKMARK",
      object: { kind: "Widget", metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
    });
    await server.delete(`${widgets}/streamed`);
    expect((await streamed.seen(3)).map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK", "DELETED"]);
  });

  test("too far back: it has to list again", async () => {
    await server.post(maps, configMap("old"));
    const from = await listVersion();
    for (let i = 0; i < 250; i += 1) await server.patch(`${maps}/old`, { data: { i: String(i) } });
    const [line] = await watch(`${maps}?watch=1&resourceVersion=${from}`).ended();
    expect(line).toMatchObject({ type: "ERROR", object: { kind: "Status", reason: "Expired", code: 410 } });
  });
});

describe("what a watch shows", () => {
  test("objects enter and leave a selection", async () => {
    const selected = watch(`${maps}?watch=1&labelSelector=in%3Dyes&resourceVersion=${await listVersion()}`);
    await server.post(maps, configMap("moving"));
    await server.patch(`${maps}/moving`, { metadata: { labels: { in: "yes" } }, data: { n: "1" } });
    await server.patch(`${maps}/moving`, { data: { n: "2" } });
    await server.patch(`${maps}/moving`, { metadata: { labels: { in: "no" } }, data: { n: "3" } });
    await server.delete(`${maps}/moving`);
    await server.post(maps, { ...configMap("last"), metadata: { name: "last", labels: { in: "yes" } } });
    const lines = await selected.seen(4);
    expect(lines.map(summary)).toEqual(["ADDED moving", "MODIFIED moving", "DELETED moving", "ADDED last"]);
    expect(lines[2]?.object.data).toEqual({ n: "2" });
  });

  test("a field of a custom kind selects", async () => {
    const from = await listVersion(widgets);
    const selected = watch(`${widgets}?watch=1&fieldSelector=spec.node%3Dn1&resourceVersion=${from}`);
    await server.post(widgets, widget("elsewhere", { size: 1, node: "n2" }));
    await server.post(widgets, widget("here", { size: 1, node: "n1" }));
    expect((await selected.seen(1)).map(summary)).toEqual(["ADDED here"]);
    const { body } = await server.get(`${widgets}?fieldSelector=spec.node%3Dn1,metadata.name!%3Dother`);
    expect(body.items).toHaveLength(1);
  });

  test("other namespaces are out of sight", async () => {
    await server.post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } });
    const from = await listVersion();
    const near = watch(`${maps}?watch=1&resourceVersion=${from}`);
    const all = watch(`/api/v1/configmaps?watch=1&resourceVersion=${from}`);
    await server.post("/api/v1/namespaces/other/configmaps", configMap("far"));
    await server.post(maps, configMap("near"));
    expect((await all.seen(2)).map(summary)).toEqual(["ADDED far", "ADDED near"]);
    expect((await near.seen(1)).map(summary)).toEqual(["ADDED near"]);
  });

  test("a version is shown in the version of the path", async () => {
    const beta = watch("/apis/example.com/v1beta1/widgets?watch=1&fieldSelector=metadata.name%3Dversioned");
    await server.post(widgets, widget("versioned"));
    expect((await beta.seen(1))[0]?.object.apiVersion).toBe("example.com/v1beta1");
  });

  test("it ends after its time, with a bookmark to go on from", async () => {
    const lines = await watch(
      `${maps}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=${await listVersion()}`,
    ).ended();
    expect(lines.map(({ type }) => type)).toEqual(["BOOKMARK"]);
    expect(lines[0]?.object.metadata.resourceVersion).toBe(await listVersion());
  });
});

/** What a client does: it goes on from the last resourceVersion it saw, whenever its connection breaks. */
async function follow(path: string, given: { from: string; breaks: number[]; until: string }): Promise<string[]> {
  const seen: string[] = [];
  let { from } = given;
  const isOver = (): boolean => seen.at(-1)?.split(" ")[1] === given.until;
  for (let connection = 0; !isOver(); connection += 1) {
    const opened = server.watch(`${path}?watch=1&resourceVersion=${from}`);
    const count = given.breaks[connection % given.breaks.length] ?? 1;
    for (const { type, object } of await untilEnd(opened, count, given.until)) {
      seen.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`);
      from = object.metadata.resourceVersion;
    }
    await opened.close();
  }
  return seen;
}

/** So many lines, or fewer when the last change is among them. */
async function untilEnd(opened: Watch, count: number, last: string): Promise<WatchLine[]> {
  for (let wanted = 1; wanted <= count; wanted += 1) {
    const lines = await opened.seen(wanted);
    if (lines.at(-1)?.object.metadata.name === last) return lines;
  }
  return opened.lines.slice(0, count);
}

test("a watcher that breaks off at random sees every change exactly once, in order", async () => {
  const names = ["a", "b", "c"];
  const step = fc.record({ name: fc.constantFrom(...names), verb: fc.constantFrom("write", "remove") });
  const scenario = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 25 }),
    breaks: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, breaks }) => {
      run += 1;
      const namespace = `property-${run}`;
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await server.post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      const from = await listVersion(path);
      const until = `end-${run}`;
      const following = follow(path, { from, breaks, until });
      const expected = await writeSteps(path, steps);
      await server.apply(`${path}/${until}`, configMap(until));
      const seen = (await following).filter((line) => !line.includes(until));
      expect(seen.map((line) => (line.startsWith("DELETED") ? line.split(" ").slice(0, 2).join(" ") : line))).toEqual(
        expected,
      );
      expect(new Set(seen).size).toBe(seen.length);
    }),
    { numRuns: 15 },
  );
});

interface Step {
  name: string;
  verb: string;
}

/** Answers what a watcher has to see of them; the resourceVersion of a deletion is not in its answer. */
async function writeSteps(path: string, steps: Step[]): Promise<string[]> {
  const expected: string[] = [];
  for (const [index, { name, verb }] of steps.entries()) {
    const { code, body } = await writeStep(path, { name, verb, index });
    if (code === 404) continue;
    const type = code === 201 ? "ADDED" : "MODIFIED";
    expected.push(verb === "remove" ? `DELETED ${name}` : `${type} ${name} ${body.metadata.resourceVersion}`);
  }
  return expected;
}

const writeStep = (path: string, { name, verb, index }: Step & { index: number }) =>
  verb === "remove"
    ? server.delete(`${path}/${name}`)
    : server.apply(`${path}/${name}`, configMap(name, { data: { step: String(index) } }));
