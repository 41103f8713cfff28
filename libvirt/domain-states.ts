// What libvirt's numbers for a domain's state and for its life's events mean (libvirt-domain.h).

/** In the order of virDomainState; each with the reasons of its own enumeration. */
const states = {
  noState: ["unknown"],
  running: [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "fromSnapshot",
    "unpaused",
    "migrationCanceled",
    "saveCanceled",
    "wakeup",
    "crashed",
    "postcopy",
    "postcopyFailed",
  ],
  blocked: ["unknown"],
  paused: [
    "unknown",
    "user",
    "migration",
    "save",
    "dump",
    "ioError",
    "watchdog",
    "fromSnapshot",
    "shuttingDown",
    "snapshot",
    "crashed",
    "startingUp",
    "postcopy",
    "postcopyFailed",
    "apiError",
  ],
  shutdown: ["unknown", "user"],
  shutoff: ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "fromSnapshot", "daemon"],
  crashed: ["unknown", "panicked"],
  pmSuspended: ["unknown"],
} as const;

/** In the order of virDomainEventType; each with its details. */
const lifecycle = {
  defined: ["added", "updated", "renamed", "fromSnapshot"],
  undefined: ["removed", "renamed"],
  started: ["booted", "migrated", "restored", "fromSnapshot", "wakeup"],
  suspended: [
    "paused",
    "migrated",
    "ioError",
    "watchdog",
    "restored",
    "fromSnapshot",
    "apiError",
    "postcopy",
    "postcopyFailed",
  ],
  resumed: ["unpaused", "migrated", "fromSnapshot", "postcopy", "postcopyFailed"],
  stopped: ["shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "fromSnapshot"],
  shutdown: ["finished", "guest", "host"],
  pmSuspended: ["memory", "disk"],
  crashed: ["panicked", "crashloaded"],
} as const;

type Named<T extends Record<string, readonly string[]>, First extends string, Second extends string> = {
  [Name in keyof T]: { [K in First]: Name } & { [K in Second]: T[Name][number] | "unknown" };
}[keyof T];

export type DomainState = Named<typeof states, "state", "reason">;
export type LifecycleChange = Named<typeof lifecycle, "event", "detail">;

/** A number newer than these tables is "unknown" as a reason, and no state at all as a state. */
export function domainState(state: number, reason: number): DomainState {
  const [name, reasons] = Object.entries(states)[state] ?? (["noState", states.noState] as const);
  return { state: name, reason: reasons[reason] ?? "unknown" } as DomainState;
}

/** Undefined for an event that is newer than these tables. */
export function lifecycleChange(event: number, detail: number): LifecycleChange | undefined {
  const entry = Object.entries(lifecycle)[event];
  return entry && ({ event: entry[0], detail: entry[1][detail] ?? "unknown" } as LifecycleChange);
}
