// What the quick way does not know: the real implementation is asked then, and answers or refuses.
import { PatchError } from "../../../../standalone/apiserver/patch/errors.ts";

/** Thrown and caught here only, so it needs no stack of its own. */
export const unusual = new Error("left to the real implementation");

/** The quick answer, or the right one where there is none. */
export function quickOr<Result>(quick: () => Result, right: () => Result): Result {
  try {
    return quick();
  } catch (error) {
    if (error === unusual || error instanceof PatchError) return right();
    throw error;
  }
}
