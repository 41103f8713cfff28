// What clients seldom send: methods, paths, bodies and content types that do not go together.
import fc from "fast-check";
import { collectionPath, type Kind } from "../kinds.ts";
import type { Step } from "../step.ts";

export const strange = (kind: Kind): fc.Arbitrary<Step> =>
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
