import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { builtInResources } from "../builtin/index.ts";
import { createCatalog } from "../catalog.ts";
import { silentLog } from "../log.ts";
import type { Machinery } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import { Store } from "../storage/store.ts";
import { WatchHub } from "../watch-hub.ts";
import { removeOldEvents } from "./event-expiry.ts";

const event = (name: string, more: object) =>
  ({
    ...{ apiVersion: "v1", kind: "Event", involvedObject: {} },
    metadata: { name, namespace: "ns", uid: name, creationTimestamp: "2030-01-01T10:00:00Z" },
    ...more,
  }) as unknown as KubernetesObject;

test("events go an hour after they were seen last", async () => {
  const directory = await mkdtemp(join(tmpdir(), "knvirt-events-"));
  const store = new Store({ path: join(directory, "api.db") });
  const now = () => new Date("2030-01-01T12:00:00Z");
  const machinery: Machinery = { store, catalog: createCatalog(), hub: new WatchHub(store), log: silentLog, now };
  const host = { findUser: () => undefined, sockets: {}, async *podLog() {} };
  for (const resource of builtInResources(host)) machinery.catalog.add(resource);
  const events = [
    event("old", {}),
    event("again", { lastTimestamp: "2030-01-01T11:30:00Z" }),
    event("series", { eventTime: null, series: { lastObservedTime: "2030-01-01T11:01:00.123456Z" } }),
    event("long-ago", { lastTimestamp: "2030-01-01T10:59:00Z" }),
  ];
  for (const one of events)
    await store.write((transaction) =>
      transaction.put({ resource: "events", namespace: "ns", name: one.metadata.name }, one),
    );
  await removeOldEvents(machinery);
  expect(store.read.list({ resource: "events" }).map(({ position }) => position.name)).toEqual(["again", "series"]);
  store.close();
  await rm(directory, { recursive: true });
});
