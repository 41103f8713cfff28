// knvirt start: prepares everything, then turns into the process that serves.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundlePrograms } from "../bundle.ts";
import { buildGuest } from "../guest/index.ts";
import { openImageStore } from "../images/index.ts";
import { probeKvm } from "../kvm.ts";
import { lockHolder } from "../lock.ts";
import { readManifests } from "../manifests.ts";
import { nodeOptions, programFile } from "../programs.ts";
import { type Progress, printedProgress } from "../progress.ts";
import { planVariable, type ServePlan } from "../serve-plan.ts";
import { imagesDir, programsDir, type Settings } from "../settings.ts";

export interface StartOptions {
  files: string[];
  /** Boot the example VM when no file is given. */
  example: boolean;
  /** Where CloudEvents about guests are sent. */
  events?: string;
  /** Keep what functions observe and decide. */
  record: boolean;
}

const exampleFile = join(import.meta.dirname, "..", "..", "examples", "vm.yaml");

export async function start(settings: Settings, options: StartOptions): Promise<never> {
  const files = filesOf(options);
  await Promise.all(files.map(readManifests)); // what cannot be read is told before anything else happens
  if ((await lockHolder(settings)) !== undefined)
    throw new Error(`knvirt in ${settings.dataDir} runs already: knvirt status tells more`);
  const progress = printedProgress();
  progress.say(`knvirt: data in ${settings.dataDir}`);
  const emulation = await prepare(settings, progress);
  await untilChildless();
  const { events, record } = options;
  const keepStored = options.files.length === 0;
  return turnInto({ files, keepStored, emulation, record, ...(events !== undefined && { events }) }, settings);
}

const filesOf = ({ files, example }: StartOptions): string[] => {
  if (files.length > 0) return files.map((file) => resolve(file));
  return example ? [exampleFile] : [];
};

/** Whether guests are to be emulated. */
async function prepare({ dataDir }: Settings, { say, step }: Progress): Promise<boolean> {
  const images = openImageStore(imagesDir(dataDir));
  const [kvm] = await Promise.all([
    step("KVM", async (remark) => {
      const probe = await probeKvm();
      remark(probe.usable ? "usable" : `${probe.reason}: guests are emulated`);
      return probe;
    }),
    step("programs", () => bundlePrograms(programsDir(dataDir))),
    step("example guest", () => buildGuest({ dataDir, images, onProgress: (text) => say(`  ${text}`) })),
  ]);
  return !kvm.usable;
}

/** The bundler's service ends a moment after it was told to. One that nobody waits for any more stays as a zombie. */
async function untilChildless(): Promise<void> {
  const children = `/proc/self/task/${process.pid}/children`;
  const deadline = Date.now() + childlessWithinMs;
  while (existsSync(children) && readFileSync(children, "utf8").trim() !== "" && Date.now() < deadline)
    await sleep(5);
}

const childlessWithinMs = 1_000;

/** The same process, terminal and process id, without what was needed to prepare it: that would stay in memory. */
function turnInto(plan: ServePlan, { dataDir }: Settings): never {
  const { execPath, env, execve } = process;
  if (!execve) throw new Error(`Node ${process.version} cannot replace its process: expected 24 or later`);
  return execve.call(process, execPath, [execPath, ...nodeOptions, programFile(programsDir(dataDir), "serve")], {
    ...env,
    [planVariable]: JSON.stringify(plan),
  });
}
