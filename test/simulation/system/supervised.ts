// A process that is started again when it has died: at once where somebody says so, as the plan of a run does.
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";

export interface Supervised {
  /** Undefined while it is dead. */
  readonly current: SimulatedProcess | undefined;
  /** Starts it unless it runs, or may not run. */
  ensure(): void;
}

export interface SupervisedOptions {
  /** What spawns it: the world, or a node. */
  on: Pick<World, "spawn">;
  name: string;
  user: string;
  start(process: SimulatedProcess): void;
  /** Where it may not run just now somebody calls `ensure` when it may. */
  mayRun?(): boolean;
}

export function supervised({ on, name, user, start, mayRun = () => true }: SupervisedOptions): Supervised {
  let current: SimulatedProcess | undefined;
  const ensure = (): void => {
    if (current?.isAlive || !mayRun()) return;
    current = on.spawn(name, user);
    start(current);
  };
  ensure();
  return {
    get current() {
      return current?.isAlive ? current : undefined;
    },
    ensure,
  };
}
