// The order of the specs: by name, and last of all the one that judges what the others made our programs ask for.
import { basename } from "node:path";

const last = "rights.spec.ts";
const rank = ({ path }) => `${basename(path) === last ? 1 : 0}${path}`;

/** What jest asks of a sequencer is a class. */
export default class ByName {
  sort(tests) {
    return tests.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  }

  /** Nothing is kept from run to run that the order would depend on. */
  cacheResults() {
    return undefined;
  }
}
