// How processes end, and when they are back: ours when the plan says so, Kubernetes' own some seconds after they were last
// ended, which is done again and again until then.
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { Role } from "../plan/plan.ts";
import { restart, type Stage } from "./stage.ts";

interface Death {
  victims: readonly SimulatedProcess[];
  /** Nothing for all of them. */
  role?: Role;
  backAfterMs: number;
}

/** Answers how many there were. */
export function end(stage: Stage, { victims, role, backAfterMs }: Death): number {
  for (const victim of victims) victim.kill();
  if (role === "kubernetes" || role === "kubelet") for (const { name } of victims) keepAway(stage, name, backAfterMs);
  else if (backAfterMs === 0) restart(stage, role);
  else stage.lasting.until(backAfterMs, () => restart(stage, role));
  return victims.length;
}

const lookEveryMs = 500;

function keepAway({ world, lasting }: Stage, name: string, forMs: number): void {
  let isOver = false;
  lasting.until(forMs, () => {
    isOver = true;
  });
  const look = (): void => {
    if (isOver) return;
    world.processes.get(name)?.kill();
    world.timeline.after(lookEveryMs, look);
  };
  look();
}
