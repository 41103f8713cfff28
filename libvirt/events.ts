// Events: asking the daemon for them, and telling each listener what it asked for.
import type { Connection } from "./connection.ts";
import { type LifecycleChange, lifecycleChange } from "./domain-states.ts";
import { ConnectionError } from "./errors.ts";
import { connectionClosed, domainEvents, monitorEvent } from "./event-table.ts";
import { qemu, remote } from "./procedures.ts";
import type { DomainEvent, Message } from "./program.ts";
import type { Domain } from "./types.ts";

export interface Subscription extends AsyncDisposable {
  /** No event is delivered from this moment on; answers when the daemon knows. */
  close(): Promise<void>;
}

/** Events of one kind, of one domain or of all. Those that the daemon sends before it confirms are delivered too. */
export function onDomainEvent<T>(
  connection: Connection,
  event: DomainEvent<T>,
  { listener, domain }: { listener: (event: T & { dom: Domain }) => void; domain?: Domain | undefined },
): Promise<Subscription> {
  return subscribe(connection, event, {
    listener,
    register: () => connection.call(remote.connectDomainEventCallbackRegisterAny, { eventID: event.id, dom: domain }),
    deregister: (callback) => connection.call(remote.connectDomainEventCallbackDeregisterAny, callback),
  });
}

/** A domain's life in words. Changes that are newer than this client are passed over: the state tells what they led to. */
export function onLifecycle(
  connection: Connection,
  { listener, domain }: { listener: (domain: Domain, change: LifecycleChange) => void; domain?: Domain | undefined },
): Promise<Subscription> {
  return onDomainEvent(connection, domainEvents.lifecycle, {
    domain,
    listener: ({ dom, event, detail }) => {
      const change = lifecycleChange(event, detail);
      if (change) listener(dom, change);
    },
  });
}

export interface MonitorEvent {
  domain: Domain;
  event: string;
  seconds: bigint;
  micros: number;
  /** QEMU's JSON. */
  details: string | undefined;
}

/** QEMU's own events: the one of that name, or all. */
export function onMonitorEvent(
  connection: Connection,
  {
    listener,
    domain,
    event,
  }: {
    listener: (event: MonitorEvent) => void;
    domain?: Domain | undefined;
    event?: string | undefined;
  },
): Promise<Subscription> {
  return subscribe(connection, monitorEvent, {
    listener: ({ dom, event: name, seconds, micros, details }) =>
      listener({ domain: dom, event: name, seconds, micros, details }),
    register: () => connection.call(qemu.connectDomainMonitorEventRegister, { dom: domain, event, flags: 0 }),
    deregister: (callback) => connection.call(qemu.connectDomainMonitorEventDeregister, callback),
  });
}

/** The daemon lost its hypervisor while the connection to the daemon stands. Once per connection. */
export async function onConnectionClosed(connection: Connection, listener: () => void): Promise<void> {
  connection.receive(connectionClosed, listener);
  await connection.call(remote.connectRegisterCloseCallback, {});
}

interface Callback {
  callbackID: number;
}

async function subscribe<T extends Callback>(
  connection: Connection,
  message: Message<T>,
  calls: {
    listener: (value: T) => void;
    register: () => Promise<Callback>;
    deregister: (callback: Callback) => Promise<unknown>;
  },
): Promise<Subscription> {
  const early: T[] = [];
  let registered: number | undefined;
  const stop = connection.receive(message, (value) => {
    if (registered === undefined) early.push(value);
    else if (value.callbackID === registered) calls.listener(value);
  });
  try {
    const { callbackID } = await calls.register();
    registered = callbackID;
    for (const value of early.splice(0)) if (value.callbackID === callbackID) calls.listener(value);
    const close = async (): Promise<void> => {
      stop();
      try {
        await calls.deregister({ callbackID });
      } catch (error) {
        // The daemon forgets its registrations with the connection.
        if (!(error instanceof ConnectionError)) throw error;
      }
    };
    return { close, [Symbol.asyncDispose]: close };
  } catch (error) {
    stop();
    throw error;
  }
}
