// What may come last, when all else is over: one piece, which is about a VM of its own. Of what goes wrong there nobody is
// told by what happens next, and nobody makes up for it by chance.
import fc from "fast-check";
import type { Encore, Ground } from "./encore.ts";
import { missedByExecutors, missedByTheDead, missedByTheDeaf } from "./missed.ts";
import { endsUnseen, isRefused, startsFail, startsInTrouble } from "./starts.ts";

export { type Encore, vm as encoreVm } from "./encore.ts";

const pieces = [
  startsFail,
  missedByTheDead,
  missedByTheDeaf,
  missedByExecutors,
  endsUnseen,
  startsInTrouble,
  isRefused,
];

/** None as often as not. */
export const encoreOn = (ground: Ground): fc.Arbitrary<Encore | undefined> =>
  fc.oneof(fc.constant(undefined), fc.oneof(...pieces.map((piece) => piece(ground))));
