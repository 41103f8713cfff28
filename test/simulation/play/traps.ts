// What is to happen at a process's next writes: between any two effects of it is a place where it may end, and a write may
// arrive long after it was decided on.
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { Checkpoint, Network } from "../engine/way.ts";
import type { OfKind, Trouble } from "../plan/plan.ts";
import { end } from "./deaths.ts";
import { count, processesOf, type Stage } from "./stage.ts";

type Killing = OfKind<Trouble, "killAtWrite">;
type Delay = OfKind<Trouble, "lateWrite">;

export interface Traps {
  set(fault: Killing | Delay): void;
  clear(): void;
  /** Of the network. */
  checkpoint: Checkpoint;
  lateMs: Network["lateMs"];
}

interface Trap<Fault> {
  fault: Fault;
  left: number;
}

/** All that was sent has arrived when all is healed. */
export function trapsOf(stage: Stage, healedAtMs: number): Traps {
  const traps = new Set<Trap<Killing | Delay>>();
  /** Those that count this write of the process, and are due with it. */
  const sprung = <Fault extends Killing | Delay>(
    process: SimulatedProcess,
    is: (fault: Fault) => boolean,
  ): Fault[] => {
    const counting = [...traps].filter(
      ({ fault }) => is(fault as Fault) && processesOf(stage, fault.role).includes(process),
    );
    for (const trap of counting) trap.left -= 1;
    const due = counting.filter(({ left }) => left <= 0);
    for (const trap of due) traps.delete(trap);
    return due.map(({ fault }) => fault as Fault);
  };
  return {
    set: (fault) => void traps.add({ fault, left: fault.nth }),
    clear: () => traps.clear(),
    checkpoint: (process, when) => {
      const isNow = (fault: Killing): boolean => fault.kind === "killAtWrite" && fault.when === when;
      for (const { role, backAfterMs } of sprung(process, isNow)) {
        if (!process.isAlive) continue;
        count(stage, "killAtWrite");
        end(stage, { victims: [process], role, backAfterMs });
      }
    },
    lateMs: (process) => {
      const [late] = sprung(process, ({ kind }: Delay) => kind === "lateWrite");
      if (!late) return 0;
      count(stage, "lateWrite");
      const lateMs = Math.min(late.forMs, Math.max(0, healedAtMs - stage.world.timeline.nowMs));
      process.note(`its next write arrives ${lateMs / 1000} s late`);
      stage.ledger.late({ process: process.name, byMs: lateMs });
      if (late.freezes) process.freeze();
      if (late.freezes) stage.lasting.until(late.forMs, () => process.thaw());
      return lateMs;
    },
  };
}
