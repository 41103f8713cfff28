// knvirt stop: ends the control plane, then every VM, and leaves nothing running behind.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { signalIfThere } from "@knvirt/tools";
import { lockHolder, takeLock } from "../lock.ts";
import { instanceAt, teardownEverything } from "../pod-runner/index.ts";
import { type Progress, printedProgress } from "../progress.ts";
import type { Settings } from "../settings.ts";

/** A guest that does not shut down in this time is switched off. */
const graceSeconds = 30;
const supervisorGraceMs = 15_000;

export async function stop(settings: Settings, { purge }: { purge: boolean }): Promise<void> {
  const progress = printedProgress();
  await stopControlPlane(settings, progress);
  // Held meanwhile, so that no start begins what is being ended.
  const lock = await takeLock(settings);
  if (!lock) throw new Error(`knvirt in ${settings.dataDir} was started again: stop once more`);
  const instance = instanceAt(settings.dataDir);
  await progress.step("virtual machines and their networks", () =>
    teardownEverything(instance, { graceSeconds, onProgress: (message) => progress.say(`    ${message}`) }),
  );
  lock.release();
  if (purge) await progress.step("data", () => rm(settings.dataDir, { recursive: true, force: true }));
  else progress.say(`stopped; data stays in ${settings.dataDir}, npm run stop -- --purge removes it`);
}

async function stopControlPlane(settings: Settings, progress: Progress): Promise<void> {
  const pid = await lockHolder(settings);
  if (!pid) return;
  await progress.step("control plane", async () => {
    signalIfThere(pid, "SIGTERM");
    const killAt = Date.now() + supervisorGraceMs;
    while (existsSync(`/proc/${pid}`)) {
      // Its children end with it: their channel to it breaks.
      if (Date.now() > killAt) signalIfThere(pid, "SIGKILL");
      await sleep(50);
    }
    while (await lockHolder(settings)) await sleep(50);
  });
}
