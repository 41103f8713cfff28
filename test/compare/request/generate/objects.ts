// The object that a request is for: two names of a kind, so that requests get in each other's way.
import fc from "fast-check";
import { collectionPath, type Kind } from "../kinds.ts";
import { writeQuery } from "./options.ts";

export const objectName = (kind: Kind): fc.Arbitrary<string> =>
  fc.constantFrom("a", "a", "a", "b").map((name) => (kind.namespaced ? name : `compare-${name}`));

export const manifest = ({ apiVersion, kind, content }: Kind, name: string): object => ({
  ...{ apiVersion, kind, metadata: { name } },
  ...content,
});

export const onObject = <T extends object>(
  kind: Kind,
  rest: fc.Arbitrary<T & { query?: Record<string, string> }>,
): fc.Arbitrary<T & { path: string; query: Record<string, string> }> =>
  fc.record({ name: objectName(kind), rest, write: writeQuery }).map(({ name, rest: given, write }) => ({
    ...given,
    path: `${collectionPath(kind)}/${name}`,
    query: { ...write, ...given.query },
  }));

export const toStatus = (kind: Kind): fc.Arbitrary<string> =>
  kind.statuses ? fc.constantFrom("", "/status") : fc.constant("");
