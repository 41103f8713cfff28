// A process of Kubernetes' own that is started again when it has died, as systemd and the kubelet do.
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";

export interface KeptRunning {
  readonly current: SimulatedProcess | undefined;
  /** Unless it runs, or may not run. */
  ensure(): void;
}

export interface KeptRunningOptions {
  world: World;
  /** What spawns it: the world, or a node. */
  on: Pick<World, "spawn">;
  name: string;
  user: string;
  mayRun?(): boolean;
  start(process: SimulatedProcess): void;
}

const [shortestPauseMs, longestPauseMs] = [500, 10_000];

export function keptRunning(options: KeptRunningOptions): KeptRunning {
  const { world, on, name, user, mayRun = () => true, start } = options;
  const random = world.random.fork(`restarts of ${name}`);
  let current: SimulatedProcess | undefined;
  const ensure = (): void => {
    if (current?.isAlive || !mayRun()) return;
    const process = on.spawn(name, user);
    current = process;
    process.onEnd(() => void world.timeline.after(random.between(shortestPauseMs, longestPauseMs), ensure));
    start(process);
  };
  ensure();
  return {
    get current() {
      return current?.isAlive ? current : undefined;
    },
    ensure,
  };
}
