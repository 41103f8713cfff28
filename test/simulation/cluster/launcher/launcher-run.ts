// Everything in one launcher container, from its start to its end, around the script that runs the launcher and runs it
// again when it dies.
import type { Outcome } from "../../../../launcher/domain-phase.ts";
import type { Life } from "./domain-watch.ts";
import { type Door, doorOf } from "./door.ts";
import { type Launcher, startLauncher } from "./launcher.ts";
import { type Libvirt, libvirtIn } from "./libvirt.ts";
import type { Place } from "./place.ts";

export interface LauncherRun {
  readonly door: Door;
  readonly libvirt: Libvirt;
  /** SIGTERM. */
  terminate(): void;
  /** SIGKILL, or the end of the first process. */
  ended(): void;
  killLauncher(backAfterMs?: number): void;
}

const pauseMs = 1_000;

export function launcherRun(place: Place, exit: (outcome: Outcome) => void): LauncherRun {
  const { first } = place;
  const [door, libvirt, life]: [Door, Libvirt, Life] = [doorOf(), libvirtIn(place), { record: {} }];
  let launcher: Launcher | undefined;
  let isToStop = false;
  let nextPauseMs = pauseMs;
  let callOff = (): void => undefined;
  const run = (): void => {
    callOff();
    const started = startLauncher({ place, libvirt, door, life, isToStop, exit });
    launcher = started;
    started.process.onEnd(() => {
      launcher = undefined;
      if (first.isAlive) callOff = first.clock.after(nextPauseMs, run);
      nextPauseMs = pauseMs;
    });
  };
  run();
  return {
    door,
    libvirt,
    terminate: () => {
      isToStop = true;
      if (launcher) launcher.terminate();
      else run(); // a signal ends its pause
    },
    ended: () => {
      launcher?.process.kill();
      libvirt.guest?.end(place.hardware.isUp ? "killed" : "powerLoss");
      libvirt.kill();
    },
    killLauncher: (backAfterMs = pauseMs) => {
      nextPauseMs = backAfterMs;
      launcher?.process.kill();
    },
  };
}
