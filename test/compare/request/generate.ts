// Cases drawn by fast-check: a few objects of one kind, and requests that get in each other's way.
import fc from "fast-check";
import { collectionPath, type Kind } from "./kinds.ts";
import type { Step } from "./step.ts";

type Arb<T> = fc.Arbitrary<T>;

const labels = fc.constantFrom<object[]>(
  { a: "1" },
  { a: "2", b: "x" },
  { a: null } as object,
  { "not valid!": "x" },
  {
    a: "not valid!",
  },
);
const metadataChange: Arb<object> = fc.oneof(
  { weight: 4, arbitrary: labels.map((value) => ({ metadata: { labels: value } })) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<object[]>(
      { metadata: { annotations: { note: "one" } } },
      { metadata: { annotations: { note: "two", more: "x" } } },
      { metadata: { annotations: { note: null } } },
      { metadata: { annotations: { "a b": "x" } } },
      { metadata: { annotations: { note: 5 } } },
      { metadata: { annotations: null, labels: null } },
      { metadata: { finalizers: ["compare.dev/hold"] } },
      { metadata: { finalizers: ["compare.dev/hold", "compare.dev/other"] } },
      { metadata: { finalizers: null } },
      { metadata: { finalizers: [] } },
      { metadata: { finalizers: ["not a finalizer"] } },
      { metadata: { uid: "@uid" } },
      { metadata: { uid: "11111111-0000-4000-8000-000000000000" } },
      { metadata: { name: "other" } },
      { metadata: { namespace: "other" } },
      { metadata: { generateName: "gen-1000-" } },
      { metadata: { creationTimestamp: "2020-01-01T00:00:00Z" } },
      { metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } },
      { metadata: { deletionGracePeriodSeconds: 5 } },
      { metadata: { selfLink: "x" } },
      { metadata: { unheardOf: 1 } },
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x" }] } },
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "", uid: "u" }] } },
    ),
  },
);

const anyChange = (kind: Kind): Arb<object> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...kind.changes) }, { weight: 2, arbitrary: metadataChange });

const nameArb = (kind: Kind): Arb<string> =>
  fc.constantFrom("a", "a", "a", "b").map((name) => (kind.namespaced ? name : `compare-${name}`));

const managers = fc.constantFrom("one", "two");
const maybe = (weight: number, query: Record<string, Arb<string>>): Arb<Record<string, string>> =>
  fc
    .record(query, { requiredKeys: [] })
    .map((value) => value as Record<string, string>)
    .chain((value) => fc.nat(9).map((drawn) => (drawn < weight ? value : {})));

/** The odd one out comes seldom: it is refused, and nothing else about the request is seen then. */
const rarely = (good: string, bad: string, ...more: string[]): Arb<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(good, ...more) }, { weight: 1, arbitrary: fc.constant(bad) });

const writeQuery = maybe(4, {
  dryRun: rarely("All", "Some"),
  fieldManager: managers,
  fieldValidation: rarely("Strict", "Sloppy", "Warn", "Ignore"),
});

const merged = (below: object, above: object): object => {
  const all = { ...below } as Record<string, unknown>;
  for (const [key, value] of Object.entries(above)) {
    const under = all[key];
    const isDeep = [under, value].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    all[key] = isDeep ? merged(under as object, value as object) : value;
  }
  return all;
};

const manifest = ({ apiVersion, kind, content }: Kind, name: string): object => ({
  ...{ apiVersion, kind, metadata: { name } },
  ...content,
});

const create = (kind: Kind): Arb<Step> =>
  fc
    .record({
      name: nameArb(kind),
      change: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: anyChange(kind) }),
      status: fc.oneof(
        { weight: 5, arbitrary: fc.constant({}) },
        fc.constantFrom<object[]>({}, ...(kind.statuses ?? [])),
      ),
      query: writeQuery,
      odd: fc.constantFrom("", "", "", "", "", "generate", "nameless", "kindless", "wrong"),
      // Of two names that begin alike nobody could say which comes first.
      prefix: fc.integer({ min: 1000, max: 9999 }),
    })
    .map(({ name, change, status, query, odd, prefix }) => {
      const body = merged(merged(manifest(kind, name), change), status) as Record<string, unknown> & {
        metadata: Record<string, unknown> | null;
      };
      const { metadata, kind: _, apiVersion: __, ...rest } = body;
      const { name: ___, ...nameless } = metadata ?? {};
      const bodies: Record<string, unknown> = {
        generate: {
          ...body,
          metadata: { ...nameless, generateName: `${kind.namespaced ? "" : "compare-"}gen-${prefix}-` },
        },
        nameless: { ...body, metadata: nameless },
        kindless: { ...rest, metadata },
        wrong: { ...body, kind: "Wrong" },
      };
      return { method: "POST", path: collectionPath(kind), query, body: bodies[odd] ?? body };
    });

const onObject = <T extends object>(
  kind: Kind,
  rest: Arb<T & { query?: Record<string, string> }>,
): Arb<T & { path: string; query: Record<string, string> }> =>
  fc.record({ name: nameArb(kind), rest, write: writeQuery }).map(({ name, rest: given, write }) => ({
    ...given,
    path: `${collectionPath(kind)}/${name}`,
    query: { ...write, ...given.query },
  }));

const toStatus = (kind: Kind): Arb<string> => (kind.statuses ? fc.constantFrom("", "/status") : fc.constant(""));

const changeOf = (kind: Kind): Arb<object> =>
  kind.statuses
    ? fc.oneof({ weight: 3, arbitrary: anyChange(kind) }, fc.constantFrom(...kind.statuses))
    : anyChange(kind);

const versionChange = fc.constantFrom<object[]>(
  ...[{}, {}, {}, { metadata: { resourceVersion: null } }, { metadata: { resourceVersion: "@old-rv" } }],
  { metadata: { resourceVersion: "1" } },
  { metadata: { resourceVersion: "x" } },
);

const replace = (kind: Kind): Arb<Step> =>
  onObject(
    kind,
    fc
      .record({ change: changeOf(kind), version: versionChange, sub: toStatus(kind) })
      .map(({ change, version, sub }) => ({ change: merged(change, version), sub })),
  ).map(({ change, sub, path, query }) => ({
    ...{ method: "PUT", path: path + sub, query },
    ...{ body: manifest(kind, path.slice(path.lastIndexOf("/") + 1)), change },
  }));

const mergePatches = (kind: Kind): Arb<Step> =>
  onObject(
    kind,
    fc.record({
      change: changeOf(kind),
      version: versionChange,
      sub: toStatus(kind),
      type: fc.constantFrom("merge-patch", "strategic-merge-patch"),
    }),
  ).map(({ change, version, sub, type, path, query }) => ({
    ...{ method: "PATCH", path: path + sub, query },
    ...{ contentType: `application/${type}+json`, body: merged(change, version) },
  }));

const operations: Arb<object> = fc.constantFrom<object[]>(
  { op: "add", path: "/metadata/labels", value: { a: "1" } },
  { op: "add", path: "/metadata/labels/c", value: "3" },
  { op: "replace", path: "/metadata/labels/a", value: "9" },
  { op: "remove", path: "/metadata/labels/a" },
  { op: "remove", path: "/metadata/annotations" },
  { op: "test", path: "/metadata/labels/a", value: "1" },
  { op: "test", path: "/metadata/name", value: "a" },
  { op: "test", path: "/metadata/resourceVersion", value: "@rv" },
  { op: "test", path: "/metadata/resourceVersion", value: "@old-rv" },
  { op: "replace", path: "/metadata/resourceVersion", value: "@old-rv" },
  { op: "add", path: "/metadata/finalizers", value: ["compare.dev/hold"] },
  { op: "add", path: "/metadata/finalizers/-", value: "compare.dev/other" },
  { op: "remove", path: "/metadata/finalizers/0" },
  { op: "copy", from: "/metadata/labels", path: "/metadata/annotations" },
  { op: "move", from: "/metadata/labels", path: "/metadata/annotations" },
  { op: "add", path: "/spec/unheardOf", value: 1 },
  { op: "remove", path: "/spec" },
  { op: "replace", path: "/spec/runStrategy", value: "Always" },
  { op: "replace", path: "/metadata/name", value: "other" },
  { op: "replace", path: "", value: {} },
  { op: "invent", path: "/metadata" },
  { op: "add", path: "metadata", value: 1 },
);

const jsonPatches = (kind: Kind): Arb<Step> =>
  onObject(kind, fc.record({ body: fc.array(operations, { minLength: 1, maxLength: 3 }), sub: toStatus(kind) })).map(
    ({ body, sub, path, query }) => ({
      ...{ method: "PATCH", path: path + sub, query, contentType: "application/json-patch+json", body },
    }),
  );

/** What null means there differs, see differences.ts; a label of null stays behind as one that is empty. */
const withoutNulls = (value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
      );

const applies = (kind: Kind): Arb<Step> =>
  onObject(
    kind,
    fc.record({
      change: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 4, arbitrary: changeOf(kind) }),
      whole: fc.boolean(),
      sub: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, toStatus(kind)),
      manager: managers,
      force: fc.constantFrom({}, {}, { force: "true" }, { force: "false" }),
    }),
  ).map(({ change, whole, sub, manager, force, path, query }) => {
    const base = manifest(kind, path.slice(path.lastIndexOf("/") + 1));
    const { apiVersion, kind: name, metadata } = base as Record<string, unknown>;
    return {
      ...{ method: "PATCH", path: path + sub, contentType: "application/apply-patch+yaml" },
      query: { ...query, fieldManager: manager, ...force } as Record<string, string>,
      body: withoutNulls(merged(whole ? base : { apiVersion, kind: name, metadata }, change)),
    };
  });

const graceSeconds = fc.constantFrom(0, 1, 30, -1);
const plainDeleteBody: Arb<object> = fc.record(
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

const deleteBody: Arb<object> = fc.oneof(
  { weight: 8, arbitrary: plainDeleteBody },
  fc
    .tuple(
      plainDeleteBody,
      fc.constantFrom<object[]>({ orphanDependents: true }, { orphanDependents: false }, { unheardOf: 1 }),
    )
    .map(([body, odd]) => ({ ...body, ...odd })),
);

const deletes = (kind: Kind): Arb<Step> =>
  fc
    .record({ name: nameArb(kind), body: fc.option(deleteBody, { nil: undefined }), query: maybe(2, deleteQuery) })
    .map(({ name, body, query }) => ({
      ...{ method: "DELETE", path: `${collectionPath(kind)}/${name}`, query },
      ...(body && { body: { apiVersion: "v1", kind: "DeleteOptions", ...body } }),
    }));

const deleteQuery = {
  gracePeriodSeconds: fc.constantFrom("0", "1", "x"),
  propagationPolicy: fc.constantFrom("Background", "Foreground", "Sideways"),
  dryRun: fc.constantFrom("All", "Some"),
};

const selectors = (kind: Kind): Record<string, Arb<string>> => ({
  labelSelector: fc.constantFrom(
    ...["a=1", "a==1", "a=2", "a", "a!=1", "b", "!b", "a in (1,3)"],
    ...["a=1", "a==2", "a!=1", "a", "!a", "a in (1,2)", "a notin (1)", "a=1,b=x", "b", "a>0", "a<2"],
    ...["a=", "=a", "a in ()", "a in (1", "a b", "a=not valid!", ",", "a,,b"],
  ),
  fieldSelector: fc.constantFrom(
    ...["metadata.name=a", "metadata.name!=a", "metadata.namespace=compare", "unheard.of=1", "metadata.name", "=x"],
    ...kind.fields,
  ),
});

const lists = (kind: Kind): Arb<Step> =>
  maybe(8, {
    ...selectors(kind),
    limit: rarely("1", "x", "2", "500", "0", "-1"),
    continue: rarely("@continue", "nonsense"),
    resourceVersion: rarely("0", "x", "@list-rv", "@rv", "1", "-1"),
    resourceVersionMatch: rarely("Exact", "Newest", "NotOlderThan"),
  }).map((query) => ({ method: "GET", path: collectionPath(kind), query: ownOnly(kind, query) }));

/** Cluster-wide kinds have objects of others too: of those only our own are looked at. */
const ownOnly = (kind: Kind, query: Record<string, string>): Record<string, string> => {
  if (kind.namespaced) return query;
  return { ...query, fieldSelector: "metadata.name=compare-a" };
};

const watches = (kind: Kind): Arb<Step> =>
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

const reads = (kind: Kind): Arb<Step> =>
  fc.record({ name: nameArb(kind), sub: toStatus(kind) }).map(({ name, sub }) => ({
    ...{ method: "GET", path: `${collectionPath(kind)}/${name}${sub}` },
  }));

const deleteCollections = (kind: Kind): Arb<Step> =>
  maybe(5, { ...selectors(kind), dryRun: fc.constant("All"), limit: fc.constant("1") }).map((query) => ({
    ...{ method: "DELETE", path: collectionPath(kind), query: ownOnly(kind, query) },
  }));

const bindings = (kind: Kind): Arb<Step> =>
  fc
    .record({
      name: nameArb(kind),
      target: fc.constantFrom<(object | undefined)[]>({ kind: "Node", name: "nowhere" }, { name: "elsewhere" }, {}),
      metadata: fc.constantFrom<object[]>({}, {}, { uid: "@uid" }, { resourceVersion: "@old-rv" }),
    })
    .map(({ name, target, metadata }) => ({
      ...{ method: "POST", path: `${collectionPath(kind)}/${name}/binding` },
      body: { apiVersion: "v1", kind: "Binding", metadata: { name, ...metadata }, target },
    }));

const strange = (kind: Kind): Arb<Step> =>
  fc.constantFrom<Step[]>(
    { method: "PUT", path: collectionPath(kind), body: {} },
    { method: "POST", path: `${collectionPath(kind)}/a`, body: {} },
    { method: "GET", path: `${collectionPath(kind)}/a/unheardof` },
    { method: "GET", path: `${collectionPath(kind)}/a/scale` },
    { method: "GET", path: `${collectionPath(kind)}s` },
    { method: "POST", path: collectionPath(kind), body: "{" },
    { method: "POST", path: collectionPath(kind), body: "[]" },
    { method: "POST", path: collectionPath(kind), body: "a: 1", contentType: "application/yaml" },
    { method: "POST", path: collectionPath(kind), body: "a", contentType: "text/plain" },
    { method: "PATCH", path: `${collectionPath(kind)}/a`, body: {}, contentType: "application/json" },
    { method: "PATCH", path: `${collectionPath(kind)}/a`, body: "[", contentType: "application/merge-patch+json" },
    { method: "PATCH", path: `${collectionPath(kind)}/a`, body: [], contentType: "application/merge-patch+json" },
    { method: "PATCH", path: `${collectionPath(kind)}/a`, body: {}, contentType: "application/json-patch+json" },
    { method: "PATCH", path: `${collectionPath(kind)}/a`, body: {}, contentType: "application/apply-patch+yaml" },
  );

function step(kind: Kind): Arb<Step> {
  const drawn: [number, (kind: Kind) => Arb<Step>][] = [
    ...([
      [24, create],
      [14, replace],
      [16, mergePatches],
      [8, jsonPatches],
      [18, applies],
    ] as const),
    ...([
      [10, deletes],
      [12, lists],
      [7, watches],
      [4, reads],
      [3, deleteCollections],
      [3, strange],
    ] as const),
    ...(kind.kind === "Pod" ? ([[6, bindings]] as const) : []),
  ].map(([weight, draw]) => [weight, draw]);
  return fc.oneof(...drawn.map(([weight, draw]) => ({ weight, arbitrary: draw(kind) })));
}

/** The first one makes an object, or most others would find none. */
export const casesOf = (kinds: readonly Kind[]): Arb<Step[]> =>
  fc.constantFrom(...kinds).chain((kind) =>
    fc
      .tuple(
        fc.constant<Step>({
          method: "POST",
          path: collectionPath(kind),
          body: manifest(kind, kind.namespaced ? "a" : "compare-a"),
        }),
        fc.array(step(kind), { minLength: 1, maxLength: 14, size: "max" }),
      )
      .map(([first, rest]) => [first, ...rest]),
  );
