// The launcher process of one container: what it keeps outlives it, and so do libvirt and the guest.
import type { Outcome } from "../../../../launcher/domain-phase.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Life } from "./domain-watch.ts";
import type { Door } from "./door.ts";
import type { Libvirt } from "./libvirt.ts";
import { type Machine, openMachine } from "./machine.ts";
import { type Place, spawnIn } from "./place.ts";

export interface LauncherOptions {
  place: Place;
  libvirt: Libvirt;
  door: Door;
  life: Life;
  /** It is told at its start that the pod was asked to end while there was none. */
  isToStop: boolean;
  /** It ends, and so does the container. However else it ends, it has died. */
  exit(outcome: Outcome): void;
}

export interface Launcher {
  readonly process: SimulatedProcess;
  /** SIGTERM. */
  terminate(): void;
}

/** Node and the bundle, on a machine that may be busy. */
const [shortestStartMs, longestStartMs] = [150, 900];
/** Those who are being answered get their answer. */
const longestGoodbyeMs = 300;

export function startLauncher({ place, libvirt, door, life, isToStop, exit }: LauncherOptions): Launcher {
  const process = spawnIn(place, "launcher");
  const { clock, random } = process;
  let machine: Machine | undefined;
  clock.after(random.between(shortestStartMs, longestStartMs), () => {
    const ended = (outcome: Outcome): void =>
      void clock.after(random.between(1, longestGoodbyeMs), () => exit(outcome));
    machine = openMachine(process, { libvirt, life, ended });
    if (isToStop) machine.shutdown(place.graceSeconds);
    door.open({ process, machine });
  });
  return {
    process,
    terminate: () =>
      void process.reach(1, () => {
        if (machine) machine.shutdown(place.graceSeconds);
        else process.kill(); // it does not listen to signals yet
      }),
  };
}
