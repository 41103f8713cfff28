// The launcher's process: one VMI, from its pod's start to its end.
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Server } from "@grpc/grpc-js";
import { launcherEnvironment } from "@knvirt/api";
import type { Outcome } from "./domain-phase.ts";
import { createLog, type Log } from "./log.ts";
import { Machine } from "./machine.ts";
import { type Paths, pathsBelow } from "./paths.ts";
import type { Identity } from "./request.ts";
import { serve } from "./server.ts";

/** launcher-run tells a new process so that the pod was asked to end while there was none. */
const stopArgument = "--stop";
const goodbyeMs = 1_000;
/** The kubelet reads no more. */
const longestMessage = 4096;

interface Settings {
  identity: Identity;
  graceSeconds: number;
  paths: Paths;
}

function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") throw new Error(`environment variable ${name} is not set`);
    return value;
  };
  const { namespace, name, uid, graceSeconds } = launcherEnvironment;
  const grace = Number(required(graceSeconds));
  if (!Number.isInteger(grace) || grace < 0)
    throw new Error(`environment variable ${graceSeconds} is ${environment[graceSeconds]}, expected seconds`);
  return {
    identity: { namespace: required(namespace), name: required(name), uid: required(uid) },
    graceSeconds: grace,
    paths: pathsBelow("/"),
  };
}

async function main(): Promise<void> {
  process.umask(0o077);
  const { identity, graceSeconds, paths } = readSettings(process.env);
  const log = createLog({ vmi: `${identity.namespace}/${identity.name}`, uid: identity.uid });
  for (const directory of [paths.private, paths.disks]) await mkdir(directory, { recursive: true });
  const machine = await Machine.open({ vmi: identity, paths, log });
  const stop = (): void => {
    log.info({ graceSeconds }, "asked to end");
    machine
      .shutdown(graceSeconds)
      .catch((error: unknown) => log.error({ err: error }, "the order to end was not kept"));
  };
  process.on("SIGTERM", stop);
  if (process.argv.includes(stopArgument)) stop();
  const server = await serve(paths.grpcSocket, { machine, identity, log });
  log.info({ socket: paths.grpcSocket }, "serving");
  const outcome = await machine.ended;
  log.info({ ...outcome }, "ending");
  await end({ outcome, server, machine, paths, log });
}

/** Those who are being answered get their answer; then nothing is left running. */
async function end(all: {
  outcome: Outcome;
  server: Server;
  machine: Machine;
  paths: Paths;
  log: Log;
}): Promise<void> {
  const { outcome, server, machine, paths, log } = all;
  if (outcome.message)
    await writeFile(paths.terminationLog, outcome.message.slice(0, longestMessage)).catch((error: unknown) =>
      log.error({ err: error }, "the reason could not be told"),
    );
  await Promise.race([new Promise((resolve) => server.tryShutdown(resolve)), delay(goodbyeMs)]);
  await machine.close();
  process.exit(outcome.exitCode);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1); // launcher-run starts it again
});
