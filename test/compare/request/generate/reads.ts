// What only looks: at an object, at a list of them, and at what happens to them.
import fc from "fast-check";
import { collectionPath, type Kind } from "../kinds.ts";
import type { Step } from "../step.ts";
import { objectName, toStatus } from "./objects.ts";
import { maybe, rarely } from "./options.ts";
import { ownOnly, selectors } from "./selectors.ts";

export const reads = (kind: Kind): fc.Arbitrary<Step> =>
  fc.record({ name: objectName(kind), sub: toStatus(kind) }).map(({ name, sub }) => ({
    ...{ method: "GET", path: `${collectionPath(kind)}/${name}${sub}` },
  }));

export const lists = (kind: Kind): fc.Arbitrary<Step> =>
  maybe(8, {
    ...selectors(kind),
    limit: rarely("1", "x", "2", "500", "0", "-1"),
    continue: rarely("@continue", "nonsense"),
    resourceVersion: rarely("0", "x", "@list-rv", "@rv", "1", "-1"),
    resourceVersionMatch: rarely("Exact", "Newest", "NotOlderThan"),
  }).map((query) => ({ method: "GET", path: collectionPath(kind), query: ownOnly(kind, query) }));

export const watches = (kind: Kind): fc.Arbitrary<Step> =>
  maybe(9, {
    ...selectors(kind),
    resourceVersion: rarely("0", "x", "@list-rv", "@rv", "@old-rv"),
    allowWatchBookmarks: fc.constant("true"),
    sendInitialEvents: fc.constantFrom("false"),
    resourceVersionMatch: fc.constantFrom("NotOlderThan", "NotOlderThan", "Exact"),
  }).map((query) => ({
    ...{ method: "GET", path: collectionPath(kind), watch: true },
    query: { watch: "true", ...ownOnly(kind, query) },
  }));
