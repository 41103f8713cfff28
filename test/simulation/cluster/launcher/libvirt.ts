// libvirtd of one launcher container, with what it keeps on disk about its one domain. The guest outlives it.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { DomainState } from "@knvirt/libvirt";
import { LauncherError } from "../../../../launcher/errors.ts";
import type { Happening } from "../../../../launcher/journal.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { GuestEnd } from "../../invariants/ledger.ts";
import type { GuestBehaviour } from "../behaviour.ts";
import { type Guest, openGuest } from "./guest.ts";
import { type Place, spawnIn, tellOfGuest } from "./place.ts";

/** What its client hears: that it listens, that the connection is lost, and that something happened to the domain. */
interface LibvirtClient {
  up(): void;
  lost(): void;
  event(happening?: Happening): void;
}

export type StartResult = "started" | "failed" | "refused";

/** Its calls reject when it dies before it has answered. */
export interface Libvirt {
  /** It listens. */
  readonly isUp: boolean;
  readonly guest: Guest | undefined;
  /** Undefined when no domain is defined. */
  domain(): DomainState | undefined;
  /** Who is told; one at a time. */
  client: LibvirtClient | undefined;
  /** Unless it runs. */
  start(): void;
  kill(): void;
  createDomain(vmi: VirtualMachineInstance): Promise<StartResult>;
  pressPowerButton(): Promise<void>;
  destroyDomain(): Promise<void>;
}

const off = (reason: DomainState["reason"]): DomainState => ({ state: "shutoff", reason }) as DomainState;
/** In libvirt's words. */
const endings: Record<GuestEnd, DomainState> = {
  shutdown: off("shutdown"),
  powerOff: off("shutdown"),
  destroyed: off("destroyed"),
  crash: off("crashed"),
  killed: off("crashed"),
  powerLoss: off("crashed"),
};

/** What outlives the daemon: its files, and QEMU. */
interface Kept {
  domain: DomainState | undefined;
  guest: Guest | undefined;
  /** QEMU is there, and its domain is not started yet. */
  isStarting: boolean;
  behaviour: GuestBehaviour | undefined;
  failuresLeft: number;
}

export function libvirtIn(place: Place): Libvirt {
  const kept: Kept = {
    ...{ domain: undefined, guest: undefined, behaviour: undefined },
    isStarting: false,
    failuresLeft: 0,
  };
  let daemon: SimulatedProcess | undefined;
  let isUp = false;
  /** What it is asked takes it some time. */
  const call = <Result>(longestMs: number, act: () => Result | Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const lost = (): void =>
        reject(new LauncherError("LibvirtNotResponding", "the connection to libvirt was lost"));
      if (!daemon || !isUp) return lost();
      daemon.onEnd(() => void place.first.clock.after(1, lost));
      return void daemon.clock.after(daemon.random.between(1, longestMs), () => resolve(act()));
    });
  const see: See = (domain, happening) => {
    kept.domain = domain;
    if (isUp) libvirt.client?.event(happening);
  };
  const server: Server = { place, kept, see, call, isUp: () => isUp };
  const libvirt: Libvirt = {
    client: undefined,
    get isUp() {
      return isUp;
    },
    get guest() {
      return kept.guest;
    },
    domain: () => kept.domain,
    start: () => {
      if (daemon) return;
      daemon = spawnIn(place, "libvirtd");
      daemon.onEnd(() => {
        [daemon, isUp] = [undefined, false];
        libvirt.client?.lost();
      });
      daemon.clock.after(daemon.random.between(50, 400), () => {
        findDomain(kept);
        isUp = true;
        libvirt.client?.up();
      });
    },
    kill: () => daemon?.kill(),
    ...verbs(server),
  };
  return libvirt;
}

type See = (domain: DomainState, happening?: Happening) => void;

interface Server {
  place: Place;
  kept: Kept;
  see: See;
  call<Result>(longestMs: number, act: () => Result | Promise<Result>): Promise<Result>;
  isUp(): boolean;
}

/** What became of the domain while there was no daemon. */
function findDomain(kept: Kept): void {
  const { guest, domain, isStarting } = kept;
  kept.isStarting = false;
  if (isStarting) kept.domain = off("daemon");
  else if (!guest && domain && domain.state !== "shutoff") kept.domain = off("unknown");
  else if (guest?.isOff) kept.domain = off("shutdown");
  if (isStarting) guest?.end("crash");
  else if (guest?.isOff) guest.end("shutdown");
}

function verbs(server: Server): Pick<Libvirt, "createDomain" | "pressPowerButton" | "destroyDomain"> {
  const { kept, call, see } = server;
  return {
    createDomain: (vmi) => call(100, () => createDomain(server, vmi)),
    pressPowerButton: () =>
      call(10, () => {
        const { guest, domain, isStarting } = kept;
        if (!guest || isStarting) return;
        guest.askToStop();
        if (domain?.state === "paused") {
          guest.run();
          see({ state: "running", reason: "unpaused" });
        }
        guest.pressPowerButton();
      }),
    destroyDomain: () =>
      call(200, () => {
        kept.guest?.askToStop();
        kept.guest?.end("destroyed");
      }),
  };
}

function createDomain(server: Server, vmi: VirtualMachineInstance): StartResult | Promise<StartResult> {
  const { place, kept } = server;
  if (kept.guest) return "failed";
  if (!kept.behaviour) {
    kept.behaviour = place.nextBehaviour(vmi);
    kept.failuresLeft = kept.behaviour.startFailures;
  }
  if (!kept.behaviour.isRefused && kept.failuresLeft === 0) return launch(server, vmi, kept.behaviour);
  kept.failuresLeft -= 1;
  kept.domain = off("failed");
  tellOfGuest(place, { what: "startFailed" });
  return kept.behaviour.isRefused ? "refused" : "failed";
}

function launch({ place, kept, see, call, isUp }: Server, vmi: VirtualMachineInstance, behaviour: GuestBehaviour) {
  const gone = (how: GuestEnd): void => {
    kept.guest = undefined;
    if (isUp() && !kept.isStarting) see(endings[how]);
  };
  const turnedOff = (): void => {
    // With nobody to end it QEMU stays, and holds its disks.
    if (isUp()) void call(50, () => guest.end("shutdown")).catch(() => undefined);
  };
  const rebooted = (): void => see({ state: "running", reason: "booted" }, { kind: "rebooted" });
  const guest = openGuest({ place, vmi, behaviour, listener: { gone, off: turnedOff, rebooted } });
  kept.guest = guest;
  kept.isStarting = true;
  kept.domain = { state: "paused", reason: "startingUp" };
  return call<StartResult>(800, () => {
    kept.isStarting = false;
    if (kept.guest !== guest) {
      kept.domain = off("failed");
      return "failed";
    }
    guest.run();
    see({ state: "running", reason: "booted" });
    return "started";
  });
}
