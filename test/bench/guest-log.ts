// The log of a guest's serial console, as it lies on the machine.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pods } from "@knvirt/kubernetes";
import type { Instance } from "../support/instance.ts";

const pollMs = 2;
const deadlineMs = 60_000;

/** Undefined while there is none. */
export async function serialLogOf(instance: Instance, vmi: string): Promise<string | undefined> {
  const pod = await instance.client.find(pods, { namespace: "default", name: `virt-launcher-${vmi}` });
  if (!pod) return undefined;
  const folder = join(instance.dataDir, "pods", pod.metadata.uid ?? "", "volumes/kubernetes.io~empty-dir/private");
  const name = existsSync(folder) && readdirSync(folder).find((entry) => entry.startsWith("serial"));
  return name ? join(folder, name) : undefined;
}

/** Resolves when the guest has written the text. */
export async function untilLogSays(find: () => Promise<string | undefined>, text: string): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let file: string | undefined;
  while (!file || !existsSync(file) || !readFileSync(file, "latin1").includes(text)) {
    if (Date.now() > deadline) throw new Error(`the guest did not write ${JSON.stringify(text)} to ${file}`);
    file ??= await find();
    await sleep(pollMs);
  }
}
