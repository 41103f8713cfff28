// Bugs in start, stop and restart as the gateway does them.
import type { Bug } from "../bug.ts";

const folder = "gateway/vm";

export const gatewayBugs: readonly Bug[] = [
  {
    name: "stop-for-nobody",
    file: `${folder}/stop.ts`,
    find: 'action: "Stop",\n  ...(uid && { uid }),',
    replace: 'action: "Stop",\n  ...(uid === "" && { uid }),',
    why: "a stop that names no instance stops none",
  },
  {
    name: "restart-begins-with-start",
    file: `${folder}/restart.ts`,
    find: 'queued(seen, [stopRequest(seen.vmi), { action: "Start" }]);',
    replace: 'queued(seen, [{ action: "Start" }, stopRequest(seen.vmi)]);',
    why: "a restart leaves the VM stopped",
  },
  {
    name: "somebody-elses-instance-stopped",
    file: `${folder}/change.ts`,
    find: "return named && isControlledByOther(named, vm) ?",
    replace: "return named && false ?",
    why: "who may stop a VM stops an instance of its name that is not its own",
  },
];
