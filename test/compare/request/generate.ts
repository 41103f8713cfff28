// Cases drawn by fast-check: a few objects of one kind, and requests that get in each other's way.
import fc from "fast-check";
import { bindings, creates } from "./generate/creations.ts";
import { deleteCollections, deletes } from "./generate/deletions.ts";
import { manifest } from "./generate/objects.ts";
import { lists, reads, watches } from "./generate/reads.ts";
import { strange } from "./generate/strange.ts";
import { applies, jsonPatches, mergePatches, replaces } from "./generate/updates.ts";
import { collectionPath, type Kind } from "./kinds.ts";
import type { Step } from "./step.ts";

interface Draw {
  weight: number;
  requests(kind: Kind): fc.Arbitrary<Step>;
}

const draws: readonly Draw[] = [
  { weight: 24, requests: creates },
  { weight: 14, requests: replaces },
  { weight: 16, requests: mergePatches },
  { weight: 8, requests: jsonPatches },
  { weight: 18, requests: applies },
  { weight: 10, requests: deletes },
  { weight: 12, requests: lists },
  { weight: 7, requests: watches },
  { weight: 4, requests: reads },
  { weight: 3, requests: deleteCollections },
  { weight: 3, requests: strange },
];
const drawsOfPods: readonly Draw[] = [...draws, { weight: 6, requests: bindings }];

const step = (kind: Kind): fc.Arbitrary<Step> =>
  fc.oneof(
    ...(kind.kind === "Pod" ? drawsOfPods : draws).map(({ weight, requests }) => ({
      weight,
      arbitrary: requests(kind),
    })),
  );

/** The first one makes an object, or most others would find none. */
export const casesOf = (kinds: readonly Kind[]): fc.Arbitrary<Step[]> =>
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
