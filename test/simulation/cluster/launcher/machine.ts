// The verbs of a launcher, in the order and with the refusals of the real one, on a libvirt that is not there.
import { launcherExit, type VirtualMachineInstance } from "@knvirt/api";
import { type Clock, pause } from "@knvirt/kubernetes";
import { DomainPhase } from "@knvirt/proto";
import { type Outcome, outcomeOf } from "../../../../launcher/domain-phase.ts";
import { isTransient, LauncherError } from "../../../../launcher/errors.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import { type DomainWatch, type Life, watchDomain } from "./domain-watch.ts";
import { answered } from "./follow-libvirt.ts";
import type { Libvirt } from "./libvirt.ts";

export interface Machine {
  readonly watch: DomainWatch;
  start(vmi: VirtualMachineInstance): Promise<void>;
  shutdown(graceSeconds: number): void;
}

export interface MachineOptions {
  libvirt: Libvirt;
  life: Life;
  /** The launcher is to end; told once. */
  ended(outcome: Outcome): void;
}

interface Parts extends Pick<MachineOptions, "libvirt" | "life"> {
  process: SimulatedProcess;
  clock: Clock;
  watch: DomainWatch;
  end(outcome: Outcome): void;
  isEnding(): boolean;
  refuseWhenStopping(): void;
}

export function openMachine(process: SimulatedProcess, { libvirt, life, ended }: MachineOptions): Machine {
  const { clock } = process;
  let isEnding = false;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  const end = (outcome: Outcome): void => {
    if (!isEnding) ended(outcome);
    isEnding = true;
  };
  const watch = watchDomain(process, { libvirt, life, onEnd: (state) => end(outcomeOf(state, life.record)) });
  const refuseWhenStopping = (): void => {
    if (stopping) throw new LauncherError("GuestStopping", "the guest is being stopped: it is not started again");
  };
  const parts: Parts = { process, clock, libvirt, life, watch, end, isEnding: () => isEnding, refuseWhenStopping };
  const stop = (): void => {
    stopping ??= (starting ?? Promise.resolve()).catch(() => undefined).then(() => stopGuest(parts));
  };
  if (life.record.stop) stop();
  return {
    watch,
    start: (vmi) => {
      starting ??= start(parts, vmi).finally(() => {
        starting = undefined;
      });
      return starting;
    },
    shutdown: (graceSeconds) => {
      const ordered = { graceSeconds, deadlineMs: clock.now().getTime() + graceSeconds * 1000 };
      const { stop: before, startAsked } = life.record;
      if (!before && startAsked) watch.note({ kind: "shuttingdown" });
      stop();
      if (!before || ordered.deadlineMs < before.deadlineMs) life.record = { ...life.record, stop: ordered };
    },
  };
}

async function start(parts: Parts, vmi: VirtualMachineInstance): Promise<void> {
  const { watch, end, refuseWhenStopping } = parts;
  try {
    refuseWhenStopping();
    await watch.connection();
    const { phase } = await watch.look();
    if (phase === DomainPhase.DOMAIN_PHASE_ABSENT) await startAbsent(parts, vmi);
  } catch (error) {
    const isFinal = !isTransient(error) && (error as LauncherError).reason !== "GuestStopping";
    if (isFinal) end({ exitCode: launcherExit.failed, message: (error as Error).message });
    throw error;
  }
}

const preparationMs = 50;

async function startAbsent(parts: Parts, vmi: VirtualMachineInstance): Promise<void> {
  const { process, clock, life, libvirt, watch, refuseWhenStopping } = parts;
  await pause(clock, preparationMs);
  refuseWhenStopping();
  life.record = { ...life.record, startAsked: true };
  const result = await answered(process, libvirt.createDomain(vmi));
  if (result === "refused") throw new LauncherError("StartFailed", "the domain is refused by libvirt");
  if (result === "failed") throw new LauncherError("GuestNotResponding", "the domain cannot be started: not now");
  life.record = { ...life.record, startedAt: life.record.startedAt ?? clock.now().toISOString() };
  await watch.look();
}

/** A guest that is still booting does not hear the first time. */
const askAgainMs = 5_000;
const retryMs = 1_000;

async function stopGuest({ process, clock, life, libvirt, watch, end, isEnding }: Parts): Promise<void> {
  const neverRan = (): void => end({ exitCode: launcherExit.guestEnded, message: "" });
  if (!life.record.startAsked) return neverRan();
  while (!isEnding()) {
    const leftMs = (life.record.stop?.deadlineMs ?? 0) - clock.now().getTime();
    const tell = leftMs <= 0 ? libvirt.destroyDomain : libvirt.pressPowerButton;
    const isDone = await attempt(watch, () => answered(process, tell()));
    if (isDone === "absent") return neverRan();
    await pause(clock, isDone === "asked" && leftMs > 0 ? Math.min(askAgainMs, leftMs) : retryMs);
  }
}

async function attempt(watch: DomainWatch, tell: () => Promise<void>): Promise<"asked" | "absent" | "failed"> {
  try {
    await watch.connection();
    await tell();
    const { phase } = await watch.look();
    return phase === DomainPhase.DOMAIN_PHASE_ABSENT ? "absent" : "asked";
  } catch {
    return "failed";
  }
}
