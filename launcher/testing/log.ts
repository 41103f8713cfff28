// A log that nobody reads.
import { createLog } from "../log.ts";

export const quietLog = createLog({}, () => undefined);
