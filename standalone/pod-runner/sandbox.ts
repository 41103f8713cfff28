// The pod sandbox: a network namespace with an address. Recorded on disk when whole, taken down when half-made.
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import { addToNetwork, type CniPod, removeFromNetwork } from "./cni.ts";
import { type Instance, netnsName, netnsPath, podDirectory } from "./instance.ts";
import type { PodNetwork } from "./network.ts";

export interface Sandbox {
  ip: string;
  createdAt: string;
}

export interface SandboxPod {
  uid: string;
  namespace: string;
  name: string;
}

export async function findSandbox(instance: Instance, uid: string): Promise<Sandbox | undefined> {
  try {
    await access(netnsPath(instance, uid)); // a record without its namespace is from before a reboot
    return JSON.parse(await readFile(recordFile(instance, uid), "utf8")) as Sandbox;
  } catch {
    return undefined;
  }
}

export async function ensureSandbox(instance: Instance, network: PodNetwork, pod: SandboxPod): Promise<Sandbox> {
  const present = await findSandbox(instance, pod.uid);
  if (present) return present;
  await removeSandbox(instance, network, pod);
  await runTool("ip", ["netns", "add", netnsName(instance, pod.uid)]);
  const [ip] = await Promise.all([
    addToNetwork(instance, network, cniPod(instance, pod)),
    runTool("ip", ["-n", netnsName(instance, pod.uid), "link", "set", "lo", "up"]),
  ]);
  const sandbox = { ip, createdAt: new Date().toISOString() };
  await writeAtomically(recordFile(instance, pod.uid), JSON.stringify(sandbox));
  return sandbox;
}

/** Also undoes half a sandbox; the lease goes even when the namespace is gone already. */
export async function removeSandbox(instance: Instance, network: PodNetwork, pod: SandboxPod): Promise<void> {
  const hasNamespace = await exists(netnsPath(instance, pod.uid));
  const hasRecord = await exists(recordFile(instance, pod.uid));
  if (!hasNamespace && !hasRecord) return;
  await removeFromNetwork(instance, network, cniPod(instance, pod));
  if (hasNamespace) await runTool("ip", ["netns", "del", netnsName(instance, pod.uid)]);
  await rm(recordFile(instance, pod.uid), { force: true });
}

const cniPod = (instance: Instance, pod: SandboxPod): CniPod => ({ ...pod, netns: netnsPath(instance, pod.uid) });

const recordFile = (instance: Instance, uid: string): string => join(podDirectory(instance, uid), "sandbox.json");

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
