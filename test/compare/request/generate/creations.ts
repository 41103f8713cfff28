// Creations: of objects, whole and odd, and of the binding of a pod to its node.
import fc from "fast-check";
import { collectionPath, type Kind } from "../kinds.ts";
import type { Step } from "../step.ts";
import { anyChange, merged } from "./changes.ts";
import { manifest, objectName } from "./objects.ts";
import { writeQuery } from "./options.ts";

export const creates = (kind: Kind): fc.Arbitrary<Step> =>
  fc
    .record({
      name: objectName(kind),
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

export const bindings = (kind: Kind): fc.Arbitrary<Step> =>
  fc
    .record({
      name: objectName(kind),
      target: fc.constantFrom<(object | undefined)[]>({ kind: "Node", name: "nowhere" }, { name: "elsewhere" }, {}),
      metadata: fc.constantFrom<object[]>({}, {}, { uid: "@uid" }, { resourceVersion: "@old-rv" }),
    })
    .map(({ name, target, metadata }) => ({
      ...{ method: "POST", path: `${collectionPath(kind)}/${name}/binding` },
      body: { apiVersion: "v1", kind: "Binding", metadata: { name, ...metadata }, target },
    }));
