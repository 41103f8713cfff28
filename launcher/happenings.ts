// libvirt's events as happenings of a guest's life.
import {
  type Connection,
  type Domain,
  type DomainEvent,
  domainEvents,
  getDomainState,
  type LifecycleChange,
  onDomainEvent,
  onLifecycle,
} from "@knvirt/libvirt";
import { nameOfAlias } from "./domain/conversion.ts";
import type { Happening } from "./journal.ts";

/** In the order of libvirt's enumerations. */
const watchdogActions = ["none", "pause", "reset", "poweroff", "shutdown", "debug", "injectNmi"];
const ioErrorActions = ["none", "pause", "report"];
const agentStates: Record<number, "agentconnected" | "agentdisconnected"> = {
  1: "agentconnected",
  2: "agentdisconnected",
};

type Rule = (detail: string) => Happening | undefined;

const lifecycle: Record<LifecycleChange["event"], Rule> = {
  defined: () => undefined,
  undefined: () => undefined,
  started: (reason) => (reason === "wakeup" ? undefined : { kind: "started", reason }),
  suspended: (reason) => ({ kind: "paused", reason }),
  resumed: (reason) => ({ kind: "resumed", reason }),
  stopped: (reason) => ({ kind: endings[reason] ?? "crashed", reason }),
  // It is being switched off: the end follows.
  shutdown: () => undefined,
  pmSuspended: () => undefined,
  crashed: (reason) => ({ kind: "panicked", reason }),
};

const endings: Record<string, "shutdown" | "stopped"> = {
  shutdown: "shutdown",
  destroyed: "stopped",
  migrated: "stopped",
  saved: "stopped",
};

export const happeningOf = ({ event, detail }: LifecycleChange): Happening | undefined => lifecycle[event](detail);

/** Disks by their names in the VMI's spec; those of others are passed over. */
export function ioErrorOf(event: { devAlias: string; action: number; reason: string }): Happening | undefined {
  const disk = nameOfAlias(event.devAlias);
  return disk
    ? { kind: "ioerror", disk, reason: event.reason, action: wordOf(ioErrorActions, event.action) }
    : undefined;
}

const wordOf = (words: string[], number: number): string => words[number] ?? "unknown";

/** libvirt's event of a pause does not tell a request from QEMU's own doing, as at a panic; the state does. */
async function pauseOf(connection: Connection, domain: Domain): Promise<Happening | undefined> {
  const { state, reason } = await getDomainState(connection, domain, { timeoutMs });
  if (state === "paused") return { kind: "paused", reason };
  return state === "running" ? { kind: "paused", reason: "user" } : undefined; // goes on again already, or has ended
}

const timeoutMs = 10_000;

export interface HappeningListener {
  /** The change of the life's course comes as libvirt tells it, beside what it means. */
  heard(happening: Happening | undefined, change?: LifecycleChange): void;
  /** What cannot be understood: the next look sees what it led to. */
  onError(error: unknown): void;
}

/** Asks libvirt for all of them, and tells them in their order. */
export async function onHappenings(connection: Connection, { heard, onError }: HappeningListener): Promise<void> {
  let told = Promise.resolve();
  const tell = (happening: Happening | undefined): void => {
    told = told.then(() => heard(happening));
  };
  const tellChange = (domain: Domain, change: LifecycleChange): void => {
    const isPause = change.event === "suspended" && change.detail === "paused";
    const happening = async () => (isPause ? pauseOf(connection, domain) : happeningOf(change));
    told = told.then(async () => heard(await happening(), change)).catch(onError);
  };
  const on = <T>(event: DomainEvent<T>, happeningBy: (event: T) => Happening | undefined) =>
    onDomainEvent(connection, event, { listener: (happened) => tell(happeningBy(happened)) });
  await Promise.all([
    onLifecycle(connection, { listener: tellChange }),
    on(domainEvents.reboot, () => ({ kind: "rebooted" })),
    on(domainEvents.watchdog, ({ action }) => ({ kind: "watchdog", action: wordOf(watchdogActions, action) })),
    on(domainEvents.ioErrorReason, ioErrorOf),
    on(domainEvents.agentLifecycle, ({ state }) => agentStates[state] && { kind: agentStates[state] }),
  ]);
}
