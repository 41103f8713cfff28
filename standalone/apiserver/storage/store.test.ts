// Transactions, history, and pages of the store.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { KubernetesObject } from "../object.ts";
import { Store } from "./store.ts";
import type { Change } from "./version.ts";

let directory: string;
let store: Store;
const openStore = (): Store => new Store({ path: join(directory, "api.db"), history: 20 });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "knvirt-store-"));
  store = openStore();
});
afterEach(async () => {
  store.close();
  await rm(directory, { recursive: true });
});

const scope = { resource: "things", namespace: "ns" };
const key = (name: string) => ({ ...scope, name });

const thing = (name: string, more: object = {}) =>
  ({
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, uid: `uid-${name}` },
    ...more,
  }) as unknown as KubernetesObject;

const put = (name: string, more: object = {}) =>
  store.write((transaction) => transaction.put(key(name), thing(name, more)));

const names = (at?: number): string[] => store.read.list(scope, { at }).map(({ position }) => position.name);

test("a file has one store", () => {
  expect(openStore).toThrow(/^object store .*api\.db cannot be opened: database is locked$/);
});

test("a file that is no database is refused", async () => {
  const path = join(directory, "other.db");
  await writeFile(path, "x".repeat(5000));
  expect(() => new Store({ path })).toThrow(/^object store .*other\.db cannot be opened: file is not a database$/);
});

describe("writes", () => {
  test("are numbered without a gap and survive a restart", async () => {
    const stored = await Promise.all(["a", "b", "c"].map((name) => put(name)));
    expect(stored.map(({ metadata }) => metadata.resourceVersion)).toEqual(["1", "2", "3"]);
    store.close();
    store = openStore();
    expect(store.revision).toBe(3);
    expect(store.read.get(key("b"))?.object).toEqual(stored[1]);
    expect((await put("d")).metadata.resourceVersion).toBe("4");
  });

  test("of one turn share a commit and are told together, in order", async () => {
    const commits: Change[][] = [];
    store.onCommit((changes) => commits.push(changes));
    await Promise.all([put("a"), put("b"), put("a", { n: 2 })]);
    expect(commits.map((changes) => changes.map(({ type, key: { name } }) => `${type} ${name}`))).toEqual([
      ["ADDED a", "ADDED b", "MODIFIED a"],
    ]);
  });

  test("that throw leave nothing, and do not disturb those beside them", async () => {
    const failing = store.write((transaction) => {
      transaction.put(key("bad"), thing("bad"));
      throw new Error("no");
    });
    const results = await Promise.allSettled([put("a"), failing, put("b")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(names()).toEqual(["a", "b"]);
    expect(store.revision).toBe(2);
  });

  test("of a dry run are undone", async () => {
    const dry = await store.write((transaction) => transaction.put(key("dry"), thing("dry")), { dryRun: true });
    expect(dry.metadata.resourceVersion).toBeUndefined();
    expect([names(), store.revision]).toEqual([[], 0]);
  });

  test("keep the owners that objects name", async () => {
    const owned = (...uids: string[]) => ({
      metadata: { name: "a", uid: "uid-a", ownerReferences: uids.map((uid) => ({ uid })) },
    });
    await put("a", owned("x", "y"));
    await put("a", owned("y", "z"));
    expect(store.read.missingOwners()).toEqual(["y", "z"]);
    expect(store.read.dependents("z")).toEqual([key("a")]);
    await store.write((transaction) => transaction.remove(key("a")));
    expect(store.read.missingOwners()).toEqual([]);
  });
});

describe("history", () => {
  test("shows the objects as they were", async () => {
    await put("a");
    await put("b");
    await store.write((transaction) => transaction.remove(key("a")));
    await put("c");
    expect([1, 2, 3, 4].map((revision) => names(revision))).toEqual([["a"], ["a", "b"], ["b"], ["b", "c"]]);
  });

  test("tells changes with what was before", async () => {
    await put("a", { n: 1 });
    await put("a", { n: 2 });
    await store.write((transaction) => transaction.remove(key("a")));
    const told = store.read.changesAfter(1, scope).map(({ type, version, previous }) => ({
      type,
      n: version.object.n,
      before: previous?.object.n,
    }));
    expect(told).toEqual([
      { type: "MODIFIED", n: 2, before: 1 },
      { type: "DELETED", n: 2, before: 2 },
    ]);
  });

  test("is forgotten behind its length; what is stored never is", async () => {
    await put("kept");
    await put("removed");
    await store.write((transaction) => transaction.remove(key("removed")));
    for (let n = 0; n < 60; n += 1) await put("busy", { n });
    expect(store.compacted).toBeGreaterThan(20);
    expect(names()).toEqual(["busy", "kept"]);
    for (let revision = store.compacted; revision <= store.revision; revision += 1)
      expect(names(revision)).toEqual(["busy", "kept"]);
    const changes = store.read.changesAfter(store.compacted, scope);
    expect(changes.length).toBe(store.revision - store.compacted);
    expect(changes.every(({ previous }) => previous !== undefined)).toBe(true);
    const { compacted } = store;
    store.close();
    store = openStore();
    expect(store.compacted).toBe(compacted);
  });
});

test("pages follow each other by namespace and name", async () => {
  for (const [namespace, name] of [
    ["a", "z"],
    ["b", "a"],
    ["a", "b"],
    ["c", "a"],
  ] as const)
    await store.write((transaction) => transaction.put({ resource: "things", namespace, name }, thing(name)));
  const page = (after?: { namespace: string; name: string }) =>
    store.read.list({ resource: "things" }, { after, limit: 2 }).map(({ position }) => position);
  const first = page();
  expect(first).toEqual([
    { namespace: "a", name: "b" },
    { namespace: "a", name: "z" },
  ]);
  expect(page(first[1])).toEqual([
    { namespace: "b", name: "a" },
    { namespace: "c", name: "a" },
  ]);
  expect(store.read.count({ resource: "things" }, { after: first[1] })).toBe(2);
  expect(store.read.list({ resource: "things", namespace: "b" })).toHaveLength(1);
});
