// Whether and how a VM is restarted that somebody asks to restart: its instance goes, and the next one comes.
import { runStrategyOf } from "@knvirt/api";
import type { Change, Seen } from "./change.ts";
import type { Options } from "./options.ts";
import { conflict, isNotRunning, liveInstance, queued } from "./refusal.ts";
import { hastened, stopRequest } from "./stop.ts";

export const restartOf =
  ({ graceSeconds }: Options) =>
  (seen: Seen): Change => {
    const strategy = runStrategyOf(seen.vm);
    if (strategy === "Halted" || strategy === "Once")
      throw conflict(seen, `${strategy} does not support manual restart requests: ${instead[strategy]}`);
    if (!seen.vmi) throw isNotRunning(seen);
    const requests = queued(seen, [stopRequest(seen.vmi), { action: "Start" }]);
    const isLive = liveInstance(seen) !== undefined;
    return { requests, ...(isLive && graceSeconds !== undefined && hastened(seen, graceSeconds)) };
  };

const instead = { Halted: "start it", Once: "it is started once" } as const;
