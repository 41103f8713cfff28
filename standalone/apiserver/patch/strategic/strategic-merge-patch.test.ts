import { expect, test } from "@jest/globals";
import { PatchError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { deploymentSchema } from "../test-schema.ts";
import { strategicMergePatch } from "./strategic-merge-patch.ts";

const [web, sidecar, agent] = [
  { name: "web", image: "web:1" },
  { name: "sidecar", image: "sidecar:1" },
  { name: "agent", image: "agent:1" },
];

test.each<{ when: string; spec: object; patch: object; want: object }>([
  { when: "scalars are set", spec: { replicas: 1 }, patch: { replicas: 2 }, want: { replicas: 2 } },
  { when: "null removes", spec: { replicas: 1, paused: true }, patch: { paused: null }, want: { replicas: 1 } },
  {
    when: "null removes nothing from what was not there",
    spec: {},
    patch: { strategy: { type: "A", window: null } },
    want: { strategy: { type: "A" } },
  },
  {
    when: "items merge by key",
    spec: { containers: [web, sidecar] },
    patch: { containers: [{ name: "web", image: "web:2" }] },
    want: { containers: [{ name: "web", image: "web:2" }, sidecar] },
  },
  {
    when: "a new item comes before what it does not know",
    spec: { containers: [web] },
    patch: { containers: [sidecar] },
    want: { containers: [sidecar, web] },
  },
  {
    when: "own items stay before the patched ones that followed them",
    spec: { containers: [web, sidecar, agent] },
    patch: { containers: [{ name: "agent", image: "agent:2" }] },
    want: { containers: [web, sidecar, { name: "agent", image: "agent:2" }] },
  },
  {
    when: "$patch: delete removes an item",
    spec: { containers: [web, sidecar] },
    patch: { containers: [{ $patch: "delete", name: "web" }] },
    want: { containers: [sidecar] },
  },
  {
    when: "$patch: merge says what happens anyway",
    spec: { containers: [web], strategy: { type: "A", window: 1 } },
    patch: { containers: [{ $patch: "merge", name: "web", args: ["x"] }], strategy: { $patch: "merge", window: 2 } },
    want: { containers: [{ ...web, args: ["x"] }], strategy: { type: "A", window: 2 } },
  },
  {
    when: "$patch: replace replaces a list",
    spec: { containers: [web, sidecar] },
    patch: { containers: [{ $patch: "replace" }, agent] },
    want: { containers: [agent] },
  },
  {
    when: "$patch: replace replaces an object",
    spec: { strategy: { type: "A", window: 1 } },
    patch: { strategy: { $patch: "replace", type: "B" } },
    want: { strategy: { type: "B" } },
  },
  {
    when: "$patch: delete empties an object",
    spec: { strategy: { type: "A" } },
    patch: { strategy: { $patch: "delete" } },
    want: { strategy: {} },
  },
  {
    when: "$retainKeys drops the other fields",
    spec: { strategy: { type: "A", window: 1 } },
    patch: { strategy: { $retainKeys: ["type"], type: "B" } },
    want: { strategy: { type: "B" } },
  },
  {
    when: "$setElementOrder orders items",
    spec: { containers: [web, sidecar, agent] },
    patch: { "$setElementOrder/containers": [{ name: "agent" }, { name: "web" }, { name: "sidecar" }] },
    want: { containers: [agent, web, sidecar] },
  },
  {
    when: "$setElementOrder keeps foreign items where they stood",
    spec: { containers: [agent, web, sidecar] },
    patch: {
      "$setElementOrder/containers": [{ name: "web" }, { name: "sidecar" }],
      containers: [{ name: "sidecar", image: "sidecar:2" }],
    },
    want: { containers: [agent, web, { name: "sidecar", image: "sidecar:2" }] },
  },
  { when: "sets unite", spec: { zones: ["a", "b"] }, patch: { zones: ["b", "c"] }, want: { zones: ["a", "b", "c"] } },
  {
    when: "$deleteFromPrimitiveList takes from a set",
    spec: { zones: ["a", "b"] },
    patch: { "$deleteFromPrimitiveList/zones": ["a"], zones: ["c"] },
    want: { zones: ["c", "b"] },
  },
  {
    when: "$deleteFromPrimitiveList takes from a set that is not there",
    spec: {},
    patch: { "$deleteFromPrimitiveList/zones": ["a"] },
    want: {},
  },
  {
    when: "atomic lists are replaced",
    spec: { containers: [{ ...web, args: ["a", "b"] }] },
    patch: { containers: [{ name: "web", args: ["c"] }] },
    want: { containers: [{ ...web, args: ["c"] }] },
  },
  {
    when: "a port is meant by its number alone",
    spec: { containers: [{ name: "web", ports: [{ port: 80, protocol: "TCP" }] }] },
    patch: { containers: [{ name: "web", ports: [{ port: 80, name: "http" }] }] },
    want: { containers: [{ name: "web", ports: [{ port: 80, protocol: "TCP", name: "http" }] }] },
  },
  {
    when: "both keys tell two ports apart",
    spec: {
      containers: [
        {
          name: "dns",
          ports: [
            { port: 53, protocol: "TCP" },
            { port: 53, protocol: "UDP" },
          ],
        },
      ],
    },
    patch: { containers: [{ name: "dns", ports: [{ $patch: "delete", port: 53, protocol: "UDP" }] }] },
    want: { containers: [{ name: "dns", ports: [{ port: 53, protocol: "TCP" }] }] },
  },
])("$when", ({ spec, patch, want }) => {
  const patched = strategicMergePatch(deploymentSchema, { spec } as JsonObject, { spec: patch } as JsonObject);
  expect(patched).toEqual({ spec: want });
});

test("finalizers unite in every resource", () => {
  const document = { metadata: { name: "web", finalizers: ["a"] } };
  expect(strategicMergePatch(deploymentSchema, document, { metadata: { finalizers: ["b"] } })).toEqual({
    metadata: { name: "web", finalizers: ["b", "a"] },
  });
});

test.each<{ when: string; patch: object; message: RegExp }>([
  { when: "an unknown $patch", patch: { strategy: { $patch: "drop" } }, message: /unknown patch type: "drop"/ },
  { when: "an unknown directive", patch: { strategy: { $keep: [] } }, message: /unknown directive: \$keep/ },
  { when: "an item without its key", patch: { containers: [{ image: "x" }] }, message: /declared merge key: name/ },
  { when: "an item that is none", patch: { containers: ["web"] }, message: /cannot take "web"/ },
  {
    when: "$retainKeys without a set field",
    patch: { strategy: { $retainKeys: ["type"], window: 1 } },
    message: /window/,
  },
  { when: "a $retainKeys that is no list", patch: { strategy: { $retainKeys: "type" } }, message: /expected a list/ },
  {
    when: "an order that lacks an item",
    patch: { "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "b" }] },
    message: /doesn't match \$setElementOrder list/,
  },
  {
    when: "an order of an atomic list",
    patch: { containers: [{ name: "a", "$setElementOrder/args": ["x"], args: ["x"] }] },
    message: /\.args is an atomic list: \$setElementOrder/,
  },
  {
    when: "a deletion from a list that is no set",
    patch: { "$deleteFromPrimitiveList/containers": ["a"] },
    message: /not a list of type "set"/,
  },
])("a patch is refused: $when", ({ patch, message }) => {
  const refused = () =>
    strategicMergePatch(deploymentSchema, { spec: { containers: [{ name: "x" }] } }, { spec: patch } as JsonObject);
  expect(refused).toThrow(message);
  expect(refused).toThrow(PatchError);
});
