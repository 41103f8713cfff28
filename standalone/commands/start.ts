// knvirt start: from nothing to running VMs, step by step, then on until it is told to end.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@knvirt/kubernetes";
import { connectToCluster, startCluster, startParts } from "../control-plane.ts";
import { followVms } from "../follow-vms.ts";
import { buildGuest } from "../guest/index.ts";
import { openImageStore } from "../images/index.ts";
import { installDefinitions } from "../install.ts";
import { probeKvm } from "../kvm.ts";
import { takeLock } from "../lock.ts";
import { applyManifest, isStored, type Manifest, readManifests } from "../manifests.ts";
import { instanceAt, podUids } from "../pod-runner/index.ts";
import { bundlePrograms } from "../programs.ts";
import { type Progress, progressOn } from "../progress.ts";
import { reachText } from "../reach.ts";
import { imagesDir, programsDir, type Settings } from "../settings.ts";
import type { Supervised } from "../supervisor.ts";

export interface StartOptions {
  files: string[];
  /** Boot the example VM when no file is given. */
  example: boolean;
}

interface Run {
  settings: Settings;
  options: StartOptions;
  progress: Progress;
  parts: Supervised[];
  manifests: Manifest[];
}

/** So long the lines on how to reach everything wait for the VMs. */
const patienceMs = 60_000;

const exampleFile = join(import.meta.dirname, "..", "..", "examples", "vm.yaml");

export async function start(settings: Settings, options: StartOptions): Promise<void> {
  const manifests = (await Promise.all(filesOf(options).map(readManifests))).flat();
  const lock = await takeLock(settings);
  if (!lock) throw new Error(`knvirt in ${settings.dataDir} runs already: knvirt status tells more`);
  const run: Run = { settings, options, progress: progressOn(process.stdout), parts: [], manifests };
  const asked = untilAsked();
  run.progress.say(`knvirt: data in ${settings.dataDir}`);
  try {
    await Promise.race([serve(run), asked]);
    await asked;
  } finally {
    await stopParts(run.parts);
    lock.release();
  }
  run.progress.say(await farewell(settings));
  process.exit(0); // whatever was under way when the end was asked for
}

/** The API server goes last: the others end in order while it still answers. */
async function stopParts([cluster, ...others]: Supervised[]): Promise<void> {
  await Promise.all(others.map((part) => part.stop()));
  await cluster?.stop();
}

const filesOf = ({ files, example }: StartOptions): string[] =>
  files.length > 0 || !example ? files : [exampleFile];

const untilAsked = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(signal));
  });

/** Returns when all that was asked for runs and the user was told so. */
async function serve(run: Run): Promise<void> {
  const { settings, progress } = run;
  const client = await bringUp(run);
  const applied = await progress.step(
    "manifests",
    () => applyAll(client, run),
    (names) => names.join(", ") || "none",
  );
  // One that cannot start keeps saying why, and keeps nobody from the rest.
  if (applied.length > 0) await Promise.race([followVms(client, run.manifests, progress), sleep(patienceMs)]);
  progress.say(await reachText(client, settings));
}

async function bringUp(run: Run): Promise<Client> {
  const { settings, progress, parts } = run;
  const { say, step } = progress;
  const [kvm, programs] = await Promise.all([
    step(
      "KVM",
      () => probeKvm(),
      (probe) => (probe.usable ? "usable" : `${probe.reason}: guests are emulated`),
    ),
    step("programs", () => bundlePrograms(programsDir(settings.dataDir))),
    step("example guest", () => exampleImage(run)),
  ]);
  const plan = {
    settings,
    programs,
    onDeath: (name: string, how: string) => say(`  ${name} ended (${how}): started again`),
  };
  const client = await step(
    "API server",
    () => {
      parts.push(startCluster(plan));
      return connectToCluster(settings);
    },
    () => `https://127.0.0.1:${settings.ports.api}`,
  );
  await step("definitions", () => installDefinitions(client, { emulation: !kvm.usable }));
  parts.push(...startParts(plan));
  return client;
}

const exampleImage = ({ settings: { dataDir }, progress }: Run) =>
  buildGuest({
    dataDir,
    images: openImageStore(imagesDir(dataDir)),
    onProgress: (text) => progress.say(`  ${text}`),
  });

/** The example is left as the user has it; a file that is named is applied. */
async function applyAll(client: Client, { manifests, options }: Run): Promise<string[]> {
  const names: string[] = [];
  for (const manifest of manifests) {
    if (options.files.length === 0 && (await isStored(client, manifest))) continue;
    names.push(await applyManifest(client, manifest));
  }
  return names;
}

async function farewell({ dataDir }: Settings): Promise<string> {
  const { length } = await podUids(instanceAt(dataDir));
  if (length === 0) return "control plane stopped; no VM runs";
  const going = length === 1 ? "1 VM goes on running" : `${length} VMs go on running`;
  return `control plane stopped; ${going}: npm start looks after them again, npm run stop ends them`;
}
