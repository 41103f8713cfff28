// Ending the guest: asked again and again until its time is over, then switched off.
import { setTimeout as delay } from "node:timers/promises";
import {
  type Connection,
  type Domain,
  destroyDomain,
  findDomain,
  getDomainState,
  isLibvirtError,
  resumeDomain,
  shutdownDomain,
} from "@knvirt/libvirt";
import type { Log } from "./log.ts";

/** A guest that is still booting does not hear the first time. */
const askAgainMs = 5_000;
const retryMs = 1_000;
const askTimeoutMs = 5_000;
/** libvirt itself gives QEMU ten seconds before it kills it. */
const destroyTimeoutMs = 45_000;

export interface ShutdownOptions {
  name: string;
  /** Read again each time: a later order may bring it forward. */
  deadlineMs(): number;
  connection(): Promise<Connection>;
  /** Resolves when the domain is off. */
  ended: Promise<unknown>;
  /** Called after each attempt: no event tells of a domain that had ended before. */
  look(): Promise<void>;
  log: Log;
}

export async function shutDown(options: ShutdownOptions): Promise<void> {
  let isOff = false;
  const ended = options.ended.then(() => {
    isOff = true;
  });
  while (!isOff) {
    const leftMs = options.deadlineMs() - Date.now();
    const isDone = await attempt(options, leftMs <= 0);
    const pauseMs = isDone && leftMs > 0 ? Math.min(askAgainMs, leftMs) : retryMs;
    await Promise.race([ended, delay(pauseMs)]);
  }
}

async function attempt(options: ShutdownOptions, isLate: boolean): Promise<boolean> {
  try {
    await tell(await options.connection(), isLate, options);
    await options.look();
    return true;
  } catch (error) {
    options.log.warn({ err: error, isLate }, "the guest could not be told to end");
    return false;
  }
}

async function tell(connection: Connection, isLate: boolean, { name, log }: ShutdownOptions): Promise<void> {
  const domain = await findDomain(connection, name, { timeoutMs: askTimeoutMs });
  if (!domain) return;
  log.info({}, isLate ? "switching the guest off" : "asking the guest to shut down");
  try {
    if (isLate) await destroyDomain(connection, domain, { timeoutMs: destroyTimeoutMs });
    else {
      await wake(connection, domain);
      await shutdownDomain(connection, domain, { acpi: true, timeoutMs: askTimeoutMs });
    }
  } catch (error) {
    if (!isLibvirtError(error, "operationInvalid")) throw error; // that is: it is off already
  }
}

/** A guest that stands still hears nothing: it would be switched off when its time is over. */
async function wake(connection: Connection, domain: Domain): Promise<void> {
  const { state } = await getDomainState(connection, domain, { timeoutMs: askTimeoutMs });
  if (state === "paused") await resumeDomain(connection, domain, { timeoutMs: askTimeoutMs });
}
