// What a change looks like to a watcher with a selector.
import { expect, test } from "@jest/globals";
import type { KubernetesObject } from "./object.ts";
import { type Change, Version } from "./storage/version.ts";
import { eventOf } from "./watch-hub.ts";

const version = (revision: number, isIn: boolean | undefined): Version | undefined => {
  if (isIn === undefined) return undefined;
  const metadata = { name: "a", resourceVersion: String(revision), labels: { in: String(isIn) } };
  return new Version(revision, JSON.stringify({ apiVersion: "v1", kind: "Thing", metadata }));
};

const change = (type: Change["type"], before: boolean | undefined, after: boolean): Change => ({
  key: { resource: "things", namespace: "", name: "a" },
  ...{ type, previous: version(1, before), version: version(2, after) as Version },
});

const isIn = ({ metadata }: KubernetesObject): boolean => metadata.labels?.in === "true";

test.each([
  { given: change("ADDED", undefined, true), all: "ADDED", selected: "ADDED true" },
  { given: change("ADDED", undefined, false), all: "ADDED", selected: undefined },
  { given: change("MODIFIED", true, true), all: "MODIFIED", selected: "MODIFIED true" },
  { given: change("MODIFIED", false, true), all: "MODIFIED", selected: "ADDED true" },
  { given: change("MODIFIED", true, false), all: "MODIFIED", selected: "DELETED true" },
  { given: change("MODIFIED", false, false), all: "MODIFIED", selected: undefined },
  { given: change("DELETED", true, true), all: "DELETED", selected: "DELETED true" },
  { given: change("DELETED", false, false), all: "DELETED", selected: undefined },
])("$given.type, selected: $selected", ({ given, all, selected }) => {
  expect(eventOf(given, undefined)?.type).toBe(all);
  const event = eventOf(given, isIn);
  const { labels, resourceVersion } = event?.version.object.metadata ?? {};
  expect(event && `${event.type} ${labels?.in}`).toBe(selected);
  if (event) expect(resourceVersion).toBe("2");
});

test("watchers of one presentation share one encoding", () => {
  const shown = version(1, true) as Version;
  let made = 0;
  const encode = () => `made ${++made}`;
  expect([shown.encoded("a", encode), shown.encoded("a", encode), shown.encoded("b", encode)]).toEqual([
    "made 1",
    "made 1",
    "made 2",
  ]);
});
