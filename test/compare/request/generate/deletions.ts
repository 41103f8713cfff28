// Deletions: of an object, with options in the query and in the body, and of a collection.
import fc from "fast-check";
import { collectionPath, type Kind } from "../kinds.ts";
import type { Step } from "../step.ts";
import { objectName } from "./objects.ts";
import { maybe, rarely } from "./options.ts";
import { ownOnly, selectors } from "./selectors.ts";

const graceSeconds = fc.constantFrom(0, 1, 30, -1);
const plainDeleteBody: fc.Arbitrary<object> = fc.record(
  {
    gracePeriodSeconds: graceSeconds,
    propagationPolicy: fc
      .constantFrom("Background", "Background", "Background", "Foreground", "Orphan")
      .chain((good) => rarely(good, "Sideways")),
    preconditions: fc.constantFrom<object[]>(
      { uid: "@uid" },
      { uid: "11111111-0000-4000-8000-000000000000" },
      { resourceVersion: "@rv" },
      { resourceVersion: "@old-rv" },
      { uid: "@uid", resourceVersion: "@rv" },
    ),
    dryRun: rarely("All", "Some").map((value) => [value]),
  },
  { requiredKeys: [] },
);

const deleteBody: fc.Arbitrary<object> = fc.oneof(
  { weight: 8, arbitrary: plainDeleteBody },
  fc
    .tuple(
      plainDeleteBody,
      fc.constantFrom<object[]>({ orphanDependents: true }, { orphanDependents: false }, { unheardOf: 1 }),
    )
    .map(([body, odd]) => ({ ...body, ...odd })),
);

const deleteQuery = {
  gracePeriodSeconds: fc.constantFrom("0", "1", "x"),
  propagationPolicy: fc.constantFrom("Background", "Foreground", "Sideways"),
  dryRun: fc.constantFrom("All", "Some"),
};

export const deletes = (kind: Kind): fc.Arbitrary<Step> =>
  fc
    .record({ name: objectName(kind), body: fc.option(deleteBody, { nil: undefined }), query: maybe(2, deleteQuery) })
    .map(({ name, body, query }) => ({
      ...{ method: "DELETE", path: `${collectionPath(kind)}/${name}`, query },
      ...(body && { body: { apiVersion: "v1", kind: "DeleteOptions", ...body } }),
    }));

export const deleteCollections = (kind: Kind): fc.Arbitrary<Step> =>
  maybe(5, { ...selectors(kind), dryRun: fc.constant("All"), limit: fc.constant("1") }).map((query) => ({
    ...{ method: "DELETE", path: collectionPath(kind), query: ownOnly(kind, query) },
  }));
