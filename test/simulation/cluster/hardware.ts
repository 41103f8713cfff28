// The machine that a node is: its power, and the processes on it, which end, stand still and are cut off with it.
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";

export interface Hardware {
  readonly name: string;
  readonly isUp: boolean;
  readonly isFrozen: boolean;
  readonly isCutOff: boolean;
  powerOff(): void;
  powerOn(): void;
  freeze(): void;
  thaw(): void;
  cutOff(): void;
  reconnect(): void;
  /** To be called only while it is up. */
  spawn(name: string, user: string): SimulatedProcess;
  /** Called each time it has booted, and at once when it is up. */
  onBoot(start: () => void): void;
}

interface State {
  isUp: boolean;
  isFrozen: boolean;
  isCutOff: boolean;
  boots: (() => void)[];
  living: Set<SimulatedProcess>;
  /** Of all processes that ever ran here. */
  names: Set<string>;
}

export function hardwareOf(world: World, name: string): Hardware {
  const state: State = {
    ...{ isUp: true, isFrozen: false, isCutOff: false },
    ...{ boots: [], living: new Set(), names: new Set() },
  };
  return {
    name,
    get isUp() {
      return state.isUp;
    },
    get isFrozen() {
      return state.isFrozen;
    },
    get isCutOff() {
      return state.isCutOff;
    },
    ...power(state),
    ...wires(state, world),
    spawn: (processName, user) => {
      if (!state.isUp) throw new Error(`node ${name} has no power: ${processName} cannot start on it`);
      const process = world.spawn(processName, user);
      state.living.add(process);
      state.names.add(processName);
      process.onEnd(() => state.living.delete(process));
      if (state.isFrozen) process.freeze();
      if (state.isCutOff) world.network.conditions.cutOff.add(processName);
      return process;
    },
    onBoot: (start) => {
      state.boots.push(start);
      if (state.isUp) start();
    },
  };
}

const power = (state: State): Pick<Hardware, "powerOff" | "powerOn" | "freeze" | "thaw"> => ({
  powerOff: () => {
    [state.isUp, state.isFrozen] = [false, false];
    for (const process of [...state.living]) process.kill();
  },
  powerOn: () => {
    if (state.isUp) return;
    state.isUp = true;
    for (const start of state.boots) start();
  },
  freeze: () => {
    state.isFrozen = state.isUp;
    for (const process of state.living) process.freeze();
  },
  thaw: () => {
    state.isFrozen = false;
    for (const process of state.living) process.thaw();
  },
});

const wires = (state: State, { network: { conditions } }: World): Pick<Hardware, "cutOff" | "reconnect"> => ({
  cutOff: () => {
    state.isCutOff = true;
    for (const name of state.names) conditions.cutOff.add(name);
  },
  reconnect: () => {
    state.isCutOff = false;
    for (const name of state.names) conditions.cutOff.delete(name);
  },
});
