// The process of functions: settings from the environment, an orderly end on SIGTERM.
import { connectClient, defaultAccess } from "@knvirt/kubernetes";
import { definitionsOf, type Settings } from "../definitions.ts";
import { createLog } from "./log.ts";
import { startFunctions } from "./start.ts";

const { env } = process;
const log = createLog(env.LOG_LEVEL);
const client = connectClient(defaultAccess(), "knvirt-functions");
const functions = await startFunctions({
  definitions: definitionsOf({ launcher: launcherSettings() }),
  client,
  listen: listenAddress(),
  sweepSeconds: number("SWEEP_SECONDS", 60),
  log,
});
log.info({ listen: listenAddress() }, "functions are ready");

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    await functions.close();
    client.close();
    log.info({ signal }, "functions have ended");
  });

/** A path is a unix socket; Knative gives a port. */
function listenAddress(): string | number {
  const given = env.LISTEN ?? env.PORT ?? "8080";
  return /^\d+$/.test(given) ? Number(given) : given;
}

function launcherSettings(): Settings["launcher"] {
  const { LAUNCHER_IMAGE: image = "knvirt.dev/launcher:dev", LAUNCHER_PULL_POLICY: policy } = env;
  if (!policy) return { image };
  if (policy !== "Always" && policy !== "IfNotPresent" && policy !== "Never")
    throw new Error(`LAUNCHER_PULL_POLICY is ${policy}: expected Always, IfNotPresent or Never`);
  return { image, imagePullPolicy: policy };
}

function number(name: string, otherwise: number): number {
  const given = env[name];
  if (given === undefined || given === "") return otherwise;
  if (/^\d+$/.test(given)) return Number(given);
  throw new Error(`${name} is ${JSON.stringify(given)}: expected a number of seconds`);
}
