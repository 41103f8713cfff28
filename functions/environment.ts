// The settings of a process of functions, all from its environment.
import type { Settings } from "./definitions.ts";
import { definitionsOf } from "./definitions.ts";
import type { FunctionDefinition } from "./runtime/definition.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Those that FUNCTIONS names, separated by commas; all when it is not set. */
export function servedDefinitions(env: Environment): FunctionDefinition[] {
  const all = definitionsOf({ launcher: launcherSettings(env) });
  const names = env.FUNCTIONS?.split(",").map((name) => name.trim());
  if (!names) return all;
  const unknown = names.find((name) => !all.some((definition) => definition.name === name));
  if (unknown === undefined) return all.filter(({ name }) => names.includes(name));
  const known = all.map(({ name }) => name).join(", ");
  throw new Error(`FUNCTIONS names a function that does not exist: ${JSON.stringify(unknown)}, expected ${known}`);
}

function launcherSettings({
  LAUNCHER_IMAGE: image,
  LAUNCHER_PULL_POLICY: policy,
}: Environment): Settings["launcher"] {
  if (!image) throw new Error("LAUNCHER_IMAGE is not set: expected the reference of the launcher's image");
  if (!policy) return { image };
  if (policy !== "Always" && policy !== "IfNotPresent" && policy !== "Never")
    throw new Error(`LAUNCHER_PULL_POLICY is ${policy}: expected Always, IfNotPresent or Never`);
  return { image, imagePullPolicy: policy };
}

export const sweepSecondsOf = (env: Environment): number => whole(env, "SWEEP_SECONDS", 60);

/** Waits up to so long are timers of the process, longer ones are left to the sweep. No pause is longer than five
 * minutes. On Knative, where who waits keeps a pod awake, a VM that fails again and again is to stop doing so. */
export const longestWaitSecondsOf = (env: Environment): number =>
  whole(env, "LONGEST_WAIT_SECONDS", env.K_SERVICE ? 120 : 300);

/** Where groups of functions are: `SINKS=lifecycle=http://knvirt-lifecycle.kubevirt.svc`, separated by commas. */
export function sinksOf({ SINKS: given }: Environment): Map<string, string> {
  if (!given) throw new Error("SINKS is not set: expected group=URL, separated by commas");
  return new Map(given.split(",").map(sinkOf));
}

function sinkOf(text: string): [string, string] {
  const [, group, url] = /^\s*([a-z-]+)=(http:\/\/[^\s/]+)\s*$/.exec(text) ?? [];
  if (group !== undefined && url !== undefined) return [group, url];
  throw new Error(`SINKS has ${JSON.stringify(text)}: expected group=http://host without a path`);
}

export const portOf = (env: Environment, name: string, otherwise: number): number => whole(env, name, otherwise);

function whole(env: Environment, name: string, otherwise: number): number {
  const given = env[name];
  if (given === undefined || given === "") return otherwise;
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw new Error(`${name} is ${JSON.stringify(given)}: expected a whole number`);
}
