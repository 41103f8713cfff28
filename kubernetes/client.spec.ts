// The verbs against the real API server: what they send, what they answer, and how refusals look.
import { afterAll, beforeAll, describe, expect, it, test } from "@jest/globals";
import { startApiServer } from "../standalone/apiserver/index.ts";
import type { Client } from "./client.ts";
import { connectClient } from "./client.ts";
import { ApiError, isAlreadyExists, isConflict, isExpired, isInvalid, isNotFound } from "./errors.ts";
import type { ConfigMap } from "./objects.ts";
import { configMaps, namespaces, nodes, resource } from "./resources.ts";
import { startTestServer, type TestServer } from "./testing/api-server.ts";

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startTestServer(startApiServer, 200);
  client = server.direct;
});
afterAll(() => server.close());

const namespace = "default";
const map = (name: string, more: Partial<ConfigMap> = {}): ConfigMap => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" }, ...more },
  metadata: { namespace, name, ...more.metadata },
});
const key = (name: string) => ({ namespace, name });
const create = (name: string): Promise<ConfigMap> => client.create(configMaps, map(name));

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe("an object", () => {
  it("is found as it was answered when it was made", async () => {
    const made = await create("found");
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await client.find(configMaps, key("found"))).toEqual(made);
  });

  it("is undefined when it is not there, and so is one of a kind that is not served", async () => {
    expect(await client.find(configMaps, key("missing"))).toBeUndefined();
    expect(await client.find(resource("example.com/v1", "Nothing"), key("missing"))).toBeUndefined();
  });

  it("needs no namespace where the kind has none", async () => {
    await client.create(nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } });
    expect((await client.find(nodes, { name: "n1" }))?.metadata.name).toBe("n1");
  });

  it("changes by a merge patch, and loses what is null in it", async () => {
    await create("patched");
    const patched = await client.mergePatch<ConfigMap>(configMaps, key("patched"), {
      patch: { data: { a: null, b: "2" } },
    });
    expect(patched.data).toEqual({ b: "2" });
  });

  it("keeps characters that JSON and lines see differently", async () => {
    const data = { text: "line\u2028separator\u2029 \r\n 😀 \u0000" };
    expect((await client.create(configMaps, map("characters", { data }))).data).toEqual(data);
  });
});

describe("refusals", () => {
  interface Asked {
    what: string;
    isIt: (error: unknown) => boolean;
    code: number;
    call: () => Promise<unknown>;
  }
  const asked: Asked[] = [
    { what: "to make one that is there", isIt: isAlreadyExists, code: 409, call: () => create("twice") },
    {
      ...{ what: "to make one in no namespace", isIt: isNotFound, code: 404 },
      call: () => client.create(configMaps, elsewhere("x")),
    },
    { what: "to make one with a bad name", isIt: isInvalid, code: 422, call: () => create("No Name") },
    {
      ...{ what: "to delete what is not there", isIt: isNotFound, code: 404 },
      call: () => client.delete(configMaps, key("nobody")),
    },
    { what: "to replace an older state", isIt: isConflict, code: 409, call: () => replaceStale() },
    {
      ...{ what: "to patch what is not there", isIt: isNotFound, code: 404 },
      call: () => client.mergePatch(configMaps, key("nobody"), { patch: {} }),
    },
  ];
  const elsewhere = (name: string) => ({ ...map(name), metadata: { namespace: "nowhere", name } });
  const replaceStale = async () => {
    const stale = await client.find(configMaps, key("twice"));
    await client.mergePatch(configMaps, key("twice"), { patch: { data: { b: "2" } } });
    return client.replace(configMaps, stale as ConfigMap);
  };

  beforeAll(() => create("twice"));
  test.each(asked)("$what have a type", async ({ isIt, call, code }) => {
    const error = await refusal(call());
    const kinds = [isNotFound, isAlreadyExists, isConflict, isInvalid, isExpired].filter((is) => is(error));
    expect(kinds).toEqual([isIt]);
    expect(error.code).toBe(code);
    expect(error.message).not.toBe("");
  });

  it("name the fields that are wrong", async () => {
    const { details } = await refusal(create("No Name"));
    expect(details.causes?.map(({ field }) => field)).toContain("metadata.name");
  });

  it("of a token that nobody knows is Unauthorized", async () => {
    const stranger = connectClient({ ...server.access, token: () => "other" });
    expect(await refusal(stranger.list(configMaps))).toMatchObject({ code: 401, reason: "Unauthorized" });
    stranger.close();
  });

  it("of a body over the limit is told, and the next call works", async () => {
    const huge = map("huge", { data: { a: "x".repeat(4 * 1024 * 1024) } });
    expect(await refusal(client.create(configMaps, huge))).toMatchObject({
      ...{ code: 413, reason: "RequestEntityTooLarge" },
    });
    expect(await client.find(configMaps, key("huge"))).toBeUndefined();
  });

  it("of a server with another certificate is no answer at all", async () => {
    const mistrusting = connectClient({ server: server.access.server, token: () => "any" });
    await expect(mistrusting.list(configMaps)).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    mistrusting.close();
  });
});

describe("a deletion", () => {
  it("takes only the incarnation that was meant", async () => {
    const { metadata } = await create("incarnation");
    const other = "00000000-0000-4000-8000-000000000000";
    expect(isConflict(await refusal(client.delete(configMaps, key("incarnation"), { uid: other })))).toBe(true);
    expect(await client.find(configMaps, key("incarnation"))).toBeDefined();
    await client.delete(configMaps, key("incarnation"), { ...(metadata.uid && { uid: metadata.uid }) });
    expect(await client.find(configMaps, key("incarnation"))).toBeUndefined();
  });

  it("takes only the state that was meant", async () => {
    const { metadata } = await create("state");
    await client.mergePatch(configMaps, key("state"), { patch: { data: { b: "2" } } });
    const { resourceVersion = "" } = metadata;
    expect(isConflict(await refusal(client.delete(configMaps, key("state"), { resourceVersion })))).toBe(true);
    expect(await client.find(configMaps, key("state"))).toBeDefined();
  });

  it("waits for finalizers", async () => {
    await client.create(configMaps, map("kept", { metadata: { name: "kept", finalizers: ["example.com/keep"] } }));
    await client.delete(configMaps, key("kept"));
    expect((await client.find(configMaps, key("kept")))?.metadata.deletionTimestamp).toBeDefined();
    await client.mergePatch(configMaps, key("kept"), { patch: { metadata: { finalizers: null } } });
    expect(await client.find(configMaps, key("kept"))).toBeUndefined();
  });
});

describe("apply", () => {
  const mine = { manager: "mine" };

  it("makes the object, and changes only the fields of its manager", async () => {
    await client.apply(configMaps, map("applied"), mine);
    await client.apply(configMaps, map("applied", { data: { b: "2" } }), { manager: "other" });
    const applied = await client.apply<ConfigMap>(configMaps, map("applied", { data: { a: "3" } }), mine);
    expect(applied.data).toEqual({ a: "3", b: "2" });
  });

  it("conflicts over the field of another manager, unless it is forced", async () => {
    await client.apply(configMaps, map("contested"), { manager: "other" });
    const change = map("contested", { data: { a: "2" } });
    expect(isConflict(await refusal(client.apply(configMaps, change, mine)))).toBe(true);
    const forced = await client.apply<ConfigMap>(configMaps, change, { ...mine, force: true });
    expect(forced.data).toEqual({ a: "2" });
  });

  it("conflicts over a resource version that has passed, even by force", async () => {
    const { metadata } = await client.apply<ConfigMap>(configMaps, map("passed"), mine);
    await client.mergePatch(configMaps, key("passed"), { patch: { data: { b: "2" } } });
    const stale = { name: "passed", ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }) };
    const change = map("passed", { metadata: stale, data: { a: "2" } });
    expect(isConflict(await refusal(client.apply(configMaps, change, { ...mine, force: true })))).toBe(true);
  });
});

describe("a list", () => {
  test.each([0, 1, 500, 501, 1000])("of %i objects has each of them once", async (count) => {
    const many = `many-${count}`;
    await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: many } });
    const names = Array.from({ length: count }, (_, n) => `n${n}`).toSorted();
    await Promise.all(
      names.map((name) => client.create(configMaps, { ...map(name), metadata: { namespace: many, name } })),
    );
    const { items, resourceVersion } = await client.list(configMaps, { namespace: many });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
    expect(new Set(items.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).size).toBe(count === 0 ? 0 : 1);
    expect(Number(resourceVersion)).toBeGreaterThan(0);
    let pages = 0;
    for await (const { items } of client.pages(configMaps, { namespace: many })) {
      expect(items.length).toBeLessThanOrEqual(500);
      pages += 1;
    }
    expect(pages).toBe(Math.max(1, Math.ceil(count / 500)));
  });

  it("whose history is forgotten between two pages is expired", async () => {
    const pages = client.pages(configMaps, { namespace: "many-1000" });
    await pages[Symbol.asyncIterator]().next();
    await create("busy");
    for (let n = 0; n < 300; n += 1)
      await client.mergePatch(configMaps, key("busy"), { patch: { data: { n: `${n}` } } });
    expect(isExpired(await refusal(pages[Symbol.asyncIterator]().next()))).toBe(true);
  });

  it("selects by label and field", async () => {
    const labelled = (name: string) => map(name, { metadata: { name, labels: { side: "left" } } });
    await client.create(configMaps, labelled("left"));
    await client.create(configMaps, labelled("too"));
    const names = async (options: object) =>
      (await client.list(configMaps, { namespace, labelSelector: "side=left", ...options })).items.map(
        ({ metadata }) => metadata.name,
      );
    expect(await names({})).toEqual(["left", "too"]);
    expect(await names({ fieldSelector: "metadata.name=too" })).toEqual(["too"]);
  });
});

describe("a signal", () => {
  it("ends a list", async () => {
    const listing = client.list(configMaps, { signal: AbortSignal.abort() });
    await expect(listing).rejects.toMatchObject({ name: "AbortError" });
  });

  it("ends a call under way, and its connection", async () => {
    const own = server.connect();
    const stop = new AbortController();
    const open = await own.transport.open({
      ...{ method: "GET", path: "/api/v1/configmaps", query: { watch: true }, signal: stop.signal },
    });
    const ended = new Promise((resolve) => open.once("error", resolve));
    stop.abort();
    await ended;
    expect(open.socket.destroyed).toBe(true);
    own.close();
  });
});

it("gives up on a server that does not answer in time", async () => {
  await server.client.find(configMaps, key("found"));
  server.link.silence();
  const call = server.client.transport.call({ method: "GET", path: "/api/v1/configmaps", timeoutMs: 200 });
  await expect(call).rejects.toThrow("GET /api/v1/configmaps was not answered in time");
});

it("says so when a stream goes silent in its middle", async () => {
  const stream = await server.client.transport.open({
    ...{ method: "GET", path: "/api/v1/configmaps", query: { watch: true }, timeoutMs: 2_000 },
  });
  const read = async (): Promise<void> => {
    for await (const _chunk of stream);
  };
  await expect(read()).rejects.toThrow("GET /api/v1/configmaps was not answered in time");
});
