// What the launcher process sees of its domain: events of libvirt say when to look, what counts is what is then seen.
import { isDeepStrictEqual } from "node:util";
import { type Clock, pause } from "@knvirt/kubernetes";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import { coalesce } from "../../../../launcher/coalesce.ts";
import { domainPhase, hasEnded } from "../../../../launcher/domain-phase.ts";
import { LauncherError } from "../../../../launcher/errors.ts";
import { type Happening, happeningsBefore, withHappening } from "../../../../launcher/journal.ts";
import type { LifeRecord } from "../../../../launcher/record.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import { followLibvirt } from "./follow-libvirt.ts";
import type { Libvirt } from "./libvirt.ts";

/** On the disk of the container. */
export interface Life {
  record: LifeRecord;
}

export interface DomainWatch {
  /** What was told last. */
  readonly last: DomainState | undefined;
  /** Answers how to stop. */
  listen(listener: (state: DomainState) => void): () => void;
  /** Rejects when there is no connection to libvirt. */
  look(): Promise<DomainState>;
  /** Resolves when there is a connection. */
  connection(): Promise<void>;
  note(happening: Happening): void;
}

const phasesOfRun: DomainPhase[] = [DomainPhase.DOMAIN_PHASE_RUNNING, DomainPhase.DOMAIN_PHASE_SHUTOFF];
const off = { domainType: "", machine: "", interfaces: [], disks: [], agentConnected: false };
const on = { ...off, domainType: "kvm", machine: "q35" };

export interface Watched {
  libvirt: Libvirt;
  life: Life;
  onEnd(state: DomainState): void;
}

export function watchDomain(process: SimulatedProcess, { libvirt, life, onEnd }: Watched): DomainWatch {
  const { clock, random } = process;
  const listeners = new Set<(state: DomainState) => void>();
  let last: DomainState | undefined;
  const publish = (state: DomainState): void => {
    if (isDeepStrictEqual(state, last)) return;
    last = state;
    for (const listener of listeners) listener(state);
    if (hasEnded(state)) onEnd(state);
  };
  const look = coalesce(async () => {
    await pause(clock, random.between(1, 5));
    if (!connection.isOpen()) throw new LauncherError("LibvirtNotResponding", "there is no connection to libvirt");
    const state = observed(clock, libvirt, life);
    publish(state);
    return state;
  });
  const note = (happening: Happening | undefined): void => {
    if (happening) keep(clock, life, happening);
    look().catch(() => undefined);
  };
  const connection = followLibvirt(process, libvirt, note);
  return {
    get last() {
      return last;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    note,
    connection: connection.opened,
  };
}

function keep(clock: Clock, life: Life, happening: Happening): void {
  life.record = withHappening(life.record, happening, clock.now()) ?? life.record;
}

function observed(clock: Clock, libvirt: Libvirt, life: Life): DomainState {
  const domain = libvirt.domain();
  const seen = { ...domainPhase(domain, life.record), ...(domain ? on : off) };
  if (!life.record.startedAt && phasesOfRun.includes(seen.phase))
    life.record = { ...life.record, startedAt: clock.now().toISOString() };
  for (const happening of happeningsBefore(seen, life.record)) keep(clock, life, happening);
  const { startedAt = "", events = [] } = life.record;
  return { ...seen, startedAt, guestInterfaces: [], guest: undefined, events };
}
