// What was found once and is to stay found: each case showed a difference that was a bug of ours.
import { collectionPath, type Kind, kinds } from "./request/kinds.ts";
import type { Step } from "./request/step.ts";

export interface Case {
  name: string;
  kind: Kind["kind"];
  steps: Step[];
}

interface Requests {
  kind: Kind;
  create(change?: object, query?: Record<string, string>): Step;
  replace(change: object, query?: Record<string, string>): Step;
  merge(body: object, query?: Record<string, string>): Step;
  apply(manager: string, body: object, query?: Record<string, string>): Step;
  remove(options?: object): Step;
  list(query?: Record<string, string>): Step;
  watch(query?: Record<string, string>): Step;
}

function requestsOf(kind: Kind): Requests {
  const path = collectionPath(kind);
  const name = kind.namespaced ? "a" : "compare-a";
  const head = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name } };
  const object = { ...head, ...kind.content };
  const patch = (contentType: string, body: object, query = {}): Step => ({
    ...{ method: "PATCH", path: `${path}/${name}`, contentType: `application/${contentType}`, query, body },
  });
  return {
    kind,
    create: (change = {}, query = {}) => ({ method: "POST", path, query, body: { ...object, ...change } }),
    replace: (change, query = {}) => ({ method: "PUT", path: `${path}/${name}`, query, body: object, change }),
    merge: (body, query) => patch("merge-patch+json", body, query),
    apply: (fieldManager, body, query) => patch("apply-patch+yaml", { ...head, ...body }, { fieldManager, ...query }),
    remove: (body) => ({ method: "DELETE", path: `${path}/${name}`, ...(body && { body }) }),
    list: (query = {}) => ({ method: "GET", path, query }),
    watch: (query = {}) => ({ method: "GET", path, query: { watch: "true", ...query }, watch: true }),
  };
}

function on(kind: string, steps: (requests: Requests) => Step[]): Pick<Case, "kind" | "steps"> {
  const found = kinds.find((one) => one.kind === kind);
  if (!found) throw new Error(`no requests are made for kind ${kind}`);
  return { kind, steps: steps(requestsOf(found)) };
}

const label = (value: string) => ({ metadata: { labels: { a: value } } });
const dryRun = { dryRun: "All" };

export const cases: readonly Case[] = [
  {
    name: "a dry run gives no resourceVersion",
    ...on("Secret", ({ create, replace, merge }) => [
      create({}, dryRun),
      create(),
      replace(label("1"), dryRun),
      merge(label("2"), dryRun),
    ]),
  },
  {
    name: "what is deleted at once is gone as it was",
    ...on("Secret", ({ create, watch, remove }) => [create(), watch({ resourceVersion: "@rv" }), remove()]),
  },
  {
    name: "items of lists of built-in kinds have no kind, of others they have",
    ...on("Secret", ({ create, list }) => [create(), list()]),
  },
  {
    name: "the first page of a version is of that version",
    ...on("VirtualMachine", ({ create, list, merge }) => [
      create(),
      list(),
      merge(label("1")),
      list({ resourceVersion: "@list-rv", limit: "1" }),
    ]),
  },
  {
    name: "a deleted collection has the version of its list",
    ...on("Secret", ({ create, list }) => [
      create(),
      { ...list(), method: "DELETE" },
      list({ resourceVersion: "@list-rv", resourceVersionMatch: "Exact" }),
    ]),
  },
  {
    name: "a watch without a version and without what is there begins now",
    ...on("VirtualMachine", ({ create, watch, merge }) => [
      create(),
      watch({ sendInitialEvents: "false", resourceVersionMatch: "NotOlderThan" }),
      merge(label("1")),
    ]),
  },
  {
    name: "who replaces what is not there is told so first",
    ...on("VirtualMachine", ({ create, remove, replace }) => [
      create(),
      remove(),
      replace({ metadata: { resourceVersion: null } }),
    ]),
  },
  {
    name: "the end of an object is not for an update to set",
    ...on("Secret", ({ create, merge, replace, apply }) => [
      create(),
      merge({ metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } }),
      replace({ metadata: { deletionGracePeriodSeconds: 5 } }),
      apply("one", { metadata: { name: "a", uid: "11111111-0000-4000-8000-000000000000" } }),
    ]),
  },
  {
    name: "options of a deletion in the body are all there are",
    ...on("Secret", ({ create, remove }) => [
      create(),
      { ...remove({ preconditions: { uid: "@uid" } }), query: { propagationPolicy: "Sideways" } },
    ]),
  },
  {
    name: "options that cannot be are invalid",
    ...on("Secret", ({ create, list, watch, remove }) => [
      create({}, { dryRun: "Some", fieldValidation: "Sloppy" }),
      list({ resourceVersionMatch: "Exact" }),
      watch({ sendInitialEvents: "true" }),
      remove({ propagationPolicy: "Orphan", orphanDependents: true }),
    ]),
  },
  {
    name: "an empty map of labels is none",
    ...on("KubeVirt", ({ create, merge }) => [
      create(),
      merge({ metadata: { labels: {}, finalizers: [] } }),
      merge(label("1")),
      merge({ metadata: { labels: { a: null } } }),
    ]),
  },
  {
    name: "an owner has a name",
    ...on("Secret", ({ create, merge }) => [
      create(),
      merge({ metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: "", uid: "u" }] } }),
    ]),
  },
  {
    name: "a namespace keeps its own name as a label",
    ...on("Namespace", ({ create, replace }) => [create(), replace({ metadata: { labels: null } })]),
  },
  {
    name: "how storage is made stays as it is",
    ...on("StorageClass", ({ create, merge }) => [create(), merge({ provisioner: "other.knvirt.dev/none" })]),
  },
  {
    name: "an event stands where what it tells of stands",
    ...on("Event", ({ create, merge }) => [create(), merge({ involvedObject: { namespace: "elsewhere" } })]),
  },
];
