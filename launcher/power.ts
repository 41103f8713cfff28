// What a guest's machine is told while it runs: to stand still, to go on, to boot again, to show its display.
import {
  type Connection,
  type Domain,
  findDomain,
  getDomainState,
  isLibvirtError,
  LibvirtError,
  rebootDomain,
  resetDomain,
  resumeDomain,
  setGuestTime,
  suspendDomain,
  takeScreenshot,
} from "@knvirt/libvirt";
import type { GuestAgent } from "./agent/index.ts";
import { LauncherError } from "./errors.ts";
import type { Log } from "./log.ts";

export interface PowerOptions {
  /** Of the domain. */
  name: string;
  connection(): Promise<Connection>;
  /** Tells others what became of it before the caller is answered. */
  look(): Promise<unknown>;
  agent: Pick<GuestAgent, "reboot">;
  log: Log;
}

export interface Power {
  pause(): Promise<void>;
  resume(): Promise<void>;
  reset(): Promise<void>;
  /** Asks the guest's agent; without one presses the power button, and switches on again what then goes off. */
  softReboot(): Promise<void>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
}

const timeoutMs = 10_000;
const clockTimeoutMs = 3_000;

export function power(options: PowerOptions): Power {
  const verb = (what: string, act: Act<void>) => async (): Promise<void> => {
    await run(options, what, act);
    await options.look();
  };
  return {
    pause: verb("paused", (connection, domain) => suspendDomain(connection, domain, { timeoutMs })),
    resume: async () => {
      await verb("resumed", resume)();
      await setClock(options);
    },
    reset: verb("reset", (connection, domain) => resetDomain(connection, domain, { timeoutMs })),
    softReboot: verb("rebooted", async (connection, domain) => {
      if (!(await options.agent.reboot())) await rebootDomain(connection, domain, { acpi: true, timeoutMs });
    }),
    screenshot: () => run(options, "looked at", screenshot),
  };
}

type Act<Result> = (connection: Connection, domain: Domain) => Promise<Result>;

/** libvirt's own words tell why a state does not allow it. */
async function run<Result>({ name, connection }: PowerOptions, what: string, act: Act<Result>): Promise<Result> {
  const through = await connection();
  const domain = await findDomain(through, name, { timeoutMs });
  if (!domain) throw new LauncherError("DomainNotFound", `domain ${name} is not there: no guest was started yet`);
  try {
    return await act(through, domain);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const message = `domain ${name} cannot be ${what}: ${error.message}`;
    throw new LauncherError("OperationRefused", message, { cause: error });
  }
}

/** libvirt refuses to resume what runs; between looking and asking it may begin to. */
async function resume(connection: Connection, domain: Domain): Promise<void> {
  const isRunning = async (): Promise<boolean> =>
    (await getDomainState(connection, domain, { timeoutMs })).state === "running";
  if (await isRunning()) return;
  try {
    await resumeDomain(connection, domain, { timeoutMs });
  } catch (error) {
    if (!isLibvirtError(error, "operationInvalid") || !(await isRunning())) throw error;
  }
}

/** It stood still with the guest. Only an agent can set it: a guest without one has to find out by itself. */
async function setClock(options: PowerOptions): Promise<void> {
  try {
    await run(options, "told the time", (connection, domain) =>
      setGuestTime(connection, domain, { time: new Date(), timeoutMs: clockTimeoutMs }),
    );
  } catch (error) {
    options.log.info({ err: error }, "the guest was not told the time");
  }
}

async function screenshot(connection: Connection, domain: Domain): Promise<Buffer> {
  const { mimeType, image } = await takeScreenshot(connection, domain, { timeoutMs });
  if (mimeType === "image/png") return image;
  throw new LauncherError(
    "NotSupported",
    `the display is shown as ${mimeType}: expected a QEMU that writes image/png`,
  );
}
