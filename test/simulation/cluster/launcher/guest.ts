// One QEMU and the guest in it: it boots, hears its power button or not, and does what its behaviour says by itself.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { GuestEnd } from "../../invariants/ledger.ts";
import type { GuestBehaviour } from "../behaviour.ts";
import { type Place, spawnIn, tellOfGuest } from "./place.ts";

export interface Guest {
  /** Its processors have stopped for good, and QEMU waits for libvirt to end it. */
  readonly isOff: boolean;
  /** It hears its power button. */
  readonly isBooted: boolean;
  /** Its processors start, or go on. */
  run(): void;
  pause(): void;
  /** Its launcher wants it to end: that is told of once. */
  askToStop(): void;
  pressPowerButton(): void;
  end(how: GuestEnd): void;
  /** By itself: when it goes on, if it stands still. */
  crash(): void;
}

export interface GuestListener {
  /** QEMU is gone. */
  gone(how: GuestEnd): void;
  off(): void;
  rebooted(): void;
}

export interface GuestOptions {
  place: Place;
  vmi: VirtualMachineInstance;
  behaviour: GuestBehaviour;
  listener: GuestListener;
}

interface State {
  hasRun: boolean;
  isPaused: boolean;
  isBooted: boolean;
  isAskedToStop: boolean;
  /** It shuts down. */
  isEnding: boolean;
  /** How it went off; undefined while it is on. */
  off: GuestEnd | undefined;
  /** What it was about to do when it was paused. */
  held: (() => void)[];
  ended: GuestEnd | undefined;
}

interface Parts {
  qemu: SimulatedProcess;
  state: State;
  options: GuestOptions;
}

export function openGuest(options: GuestOptions): Guest {
  const { place } = options;
  const qemu = spawnIn(place, "qemu");
  const parts: Parts = {
    ...{ qemu, options },
    state: {
      ...{ hasRun: false, isPaused: false, isBooted: false, isAskedToStop: false, isEnding: false },
      ...{ off: undefined, held: [], ended: undefined },
    },
  };
  const { state } = parts;
  whenEnded(parts, openDisks(options));
  tellOfGuest(place, { what: "starts" });
  return {
    get isOff() {
      return state.off !== undefined;
    },
    get isBooted() {
      return state.isBooted;
    },
    run: () => run(parts),
    pause: () => {
      if (!state.isPaused) tellOfGuest(place, { what: "pauses" });
      state.isPaused = true;
    },
    askToStop: () => {
      if (!state.isAskedToStop) tellOfGuest(place, { what: "stopping" });
      state.isAskedToStop = true;
    },
    pressPowerButton: () => pressPowerButton(parts),
    end: (how) => end(parts, how),
    crash: () => void qemu.reach(0, () => end(parts, "crash")),
  };
}

function openDisks({ place, vmi }: GuestOptions): () => void {
  const { namespace, name, uid } = place.vmi;
  const user = { podUid: place.podUid, vmi: `${namespace}/${name}`, vmiUid: uid, node: place.hardware.name };
  return place.disks.openFor(vmi, user);
}

function whenEnded({ qemu, state, options: { place, listener } }: Parts, closeDisks: () => void): void {
  qemu.onEnd(() => {
    const how = state.ended ?? (place.hardware.isUp ? "crash" : "powerLoss");
    closeDisks();
    tellOfGuest(place, { what: "ends", how });
    listener.gone(how);
    place.onReadiness();
  });
}

function run(parts: Parts): void {
  const { qemu, state, options } = parts;
  if (state.hasRun && !state.isPaused) return;
  const isFirst = !state.hasRun;
  [state.hasRun, state.isPaused] = [true, false];
  tellOfGuest(options.place, { what: "runs" });
  for (const happen of state.held.splice(0)) qemu.clock.after(1, happen);
  if (!isFirst) return;
  boot(parts);
  const byItself = {
    crash: () => end(parts, "crash"),
    powerOff: () => turnOff(parts, "powerOff"),
    reboot: () => reboot(parts),
  };
  for (const { afterMs, how } of options.behaviour.ends ?? []) whileOn(parts, afterMs, byItself[how]);
}

/** Later, or when it goes on if it stands still then. */
function whileOn({ qemu, state }: Parts, afterMs: number, happen: () => void): void {
  const inTime = (): void => {
    if (state.isPaused) state.held.push(inTime);
    else if (state.off === undefined) happen();
  };
  qemu.clock.after(afterMs, inTime);
}

const boot = (parts: Parts): void =>
  whileOn(parts, parts.options.behaviour.bootMs, () => {
    parts.state.isBooted = true;
    parts.options.place.onReadiness();
  });

function reboot(parts: Parts): void {
  const { state, options } = parts;
  [state.isBooted, state.isEnding] = [false, false];
  tellOfGuest(options.place, { what: "reboots" });
  boot(parts);
  options.listener.rebooted();
}

function pressPowerButton(parts: Parts): void {
  const { state, options } = parts;
  const { hangsAtShutdown, shutdownMs } = options.behaviour;
  if (!state.isBooted || state.isEnding || hangsAtShutdown) return;
  state.isEnding = true;
  whileOn(parts, shutdownMs, () => state.isEnding && turnOff(parts, "shutdown"));
}

function turnOff({ state, options: { listener } }: Parts, how: GuestEnd): void {
  state.off = how;
  listener.off();
}

function end({ qemu, state }: Parts, how: GuestEnd): void {
  state.ended = state.off ?? how;
  qemu.kill();
}
