// The foreground process of `npm start` once everything is prepared: it supervises, applies, tells, and waits for the
// end. A program of its own, so that what prepared it (compiler, bundler) is out of memory.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@knvirt/kubernetes";
import { connectToCluster, recordFileOf, startCluster, startParts } from "./control-plane.ts";
import { followVms } from "./follow-vms.ts";
import { installDefinitions } from "./install.ts";
import { takeLock } from "./lock.ts";
import { applyManifest, isStored, type Manifest, readManifests } from "./manifests.ts";
import { instanceAt, podUids } from "./pod-runner/index.ts";
import { type Progress, printedProgress } from "./progress.ts";
import { reachText } from "./reach.ts";
import { planVariable, type ServePlan } from "./serve-plan.ts";
import { dataDirOf, type Settings, settingsAt } from "./settings.ts";
import type { Supervised } from "./supervisor.ts";

interface Run {
  settings: Settings;
  plan: ServePlan;
  progress: Progress;
  parts: Supervised[];
  manifests: Manifest[];
}

/** So long the lines on how to reach everything wait for the VMs. */
const patienceMs = 60_000;

await serve(JSON.parse(process.env[planVariable] ?? "") as ServePlan).catch((error: Error) => {
  console.error(`knvirt: ${error.message}`);
  process.exit(1);
});

async function serve(plan: ServePlan): Promise<void> {
  const settings = await settingsAt(dataDirOf(process.env));
  const lock = await takeLock(settings);
  if (!lock) throw new Error(`knvirt in ${settings.dataDir} runs already: knvirt status tells more`);
  const manifests = (await Promise.all(plan.files.map(readManifests))).flat();
  const run: Run = { settings, plan, progress: printedProgress(), parts: [], manifests };
  const asked = untilAsked();
  try {
    await Promise.race([comeUp(run), asked]);
    await asked;
  } finally {
    await stopParts(run.parts);
    lock.release();
  }
  // Who ends it by Ctrl-C wants to know what goes on; `npm run stop`, which sends SIGTERM, ends that too.
  run.progress.say((await asked) === "SIGINT" ? await farewell(settings) : "control plane stopped");
  process.exit(0); // whatever was under way when the end was asked for
}

/** The API server goes last: the others end in order while it still answers. */
async function stopParts([cluster, ...others]: Supervised[]): Promise<void> {
  await Promise.all(others.map((part) => part.stop()));
  await cluster?.stop();
}

function untilAsked(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(signal));
  });
}

/** Returns when all that was asked for runs and the user was told so. */
async function comeUp(run: Run): Promise<void> {
  const { settings, progress } = run;
  const client = await bringUp(run);
  const applied = await progress.step("manifests", async (remark) => {
    const names = await applyAll(client, run);
    remark(names.join(", ") || "none");
    return names;
  });
  // One that cannot start keeps saying why, and keeps nobody from the rest.
  if (applied.length > 0) await Promise.race([followVms(client, run.manifests, progress), sleep(patienceMs)]);
  progress.say(await reachText(client, settings));
}

async function bringUp({ settings, plan, progress, parts }: Run): Promise<Client> {
  const { say, step } = progress;
  const onDeath = (name: string, how: string): void =>
    say(`  ${name} ended (${how}): started again; see ${join(settings.logDir, `${name}.log`)}`);
  const plane = { settings, onDeath };
  const client = await step("API server", (remark) => {
    parts.push(startCluster(plane));
    remark(`https://127.0.0.1:${settings.ports.api}`);
    return connectToCluster(settings);
  });
  await step("definitions", () => installDefinitions(client, plan));
  parts.push(...startParts(plane, plan));
  if (plan.record) say(`  decisions are recorded: npm run replay -- ${recordFileOf(settings)}`);
  return client;
}

/** The example is left as the user has it; a file that is named is applied. */
async function applyAll(client: Client, { manifests, plan }: Run): Promise<string[]> {
  const names: string[] = [];
  for (const manifest of manifests) {
    if (plan.keepStored && (await isStored(client, manifest))) continue;
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
