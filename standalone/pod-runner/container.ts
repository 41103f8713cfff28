// One attempt at running a container: its bundle is written, its process made and started. On disk an attempt is
// whole once `started.json` is there; whatever is found without it is cleared and made again.
import { chmod, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Container, Pod } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import { PodError } from "./errors.ts";
import type { ContainerImage } from "./image-source.ts";
import {
  attemptDirectory,
  containerCgroup,
  containerId,
  type Instance,
  netnsPath,
  podDirectory,
} from "./instance.ts";
import { ociConfig } from "./oci/config.ts";
import { type DeviceNode, requestedDevices } from "./oci/devices.ts";
import { bind, type OciMount } from "./oci/mounts.ts";
import type { SeccompProfile } from "./oci/seccomp.ts";
import { podHostname } from "./pod-files.ts";
import { clearContainer, createContainer, type Runtime, startContainer } from "./runtime.ts";
import { unmountBelow } from "./volumes/empty-dir.ts";

export interface StartRecord {
  startedAt: string;
  image: string;
  imageID: string;
}

export interface ContainerStart {
  pod: Pod;
  container: Container;
  attempt: number;
  image: ContainerImage;
  mounts: OciMount[];
  /** Block devices of the machine, by their path in the container. */
  blockDevices: Record<string, string>;
}

export interface ContainerHost {
  instance: Instance;
  runtime: Runtime;
  seccompProfile: SeccompProfile;
}

export async function runContainer(host: ContainerHost, start: ContainerStart): Promise<void> {
  const { instance, runtime } = host;
  const { pod, container, attempt, image } = start;
  const uid = pod.metadata.uid ?? "";
  const id = containerId(uid, container.name, attempt);
  const bundle = attemptDirectory(podDirectory(instance, uid), container.name, attempt);
  await clearAttempt(host, { id, bundle });
  if (attempt > 0) await settleAttempt(host, { uid, container: container.name, attempt: attempt - 1 });
  await mkdir(bundle, { recursive: true, mode: 0o700 });
  const rootfs = image.isHost ? image.rootfs : await writableRootfs(image.rootfs, bundle);
  const config = ociConfig(pod, container, await facts(host, start, { rootfs, bundle }));
  await writeFile(join(bundle, "config.json"), JSON.stringify(config));
  await createContainer(instance, runtime, { id, bundle });
  const record: StartRecord = {
    startedAt: new Date().toISOString(),
    image: image.reference,
    imageID: `${image.reference.split("@")[0]}@${image.digest}`,
  };
  await writeFile(join(bundle, "started.json"), JSON.stringify(record));
  await startContainer(instance, runtime, id);
}

type RuntimeHost = Pick<ContainerHost, "instance" | "runtime">;

/** Takes away what an ended attempt holds, but for its log and how it ended. */
export async function settleAttempt(
  { instance, runtime }: RuntimeHost,
  { uid, container, attempt }: { uid: string; container: string; attempt: number },
): Promise<void> {
  const bundle = attemptDirectory(podDirectory(instance, uid), container, attempt);
  await clearContainer(instance, runtime, containerId(uid, container, attempt));
  await unmountBelow(bundle);
  for (const part of ["upper", "work", "rootfs"]) await rm(join(bundle, part), { recursive: true, force: true });
}

async function clearAttempt(
  { instance, runtime }: RuntimeHost,
  { id, bundle }: { id: string; bundle: string },
): Promise<void> {
  if (!(await stat(bundle).catch(() => undefined))) return;
  await clearContainer(instance, runtime, id);
  await unmountBelow(bundle);
  await rm(bundle, { recursive: true, force: true });
  await rm(join(instance.exitsDir, id), { force: true });
}

/** The image stays as it was pulled; what a container writes is its own, and goes with it. */
async function writableRootfs(image: string, bundle: string): Promise<string> {
  const [upper, work, root] = ["upper", "work", "rootfs"].map((part) => join(bundle, part)) as [
    string,
    string,
    string,
  ];
  for (const directory of [upper, work, root]) await mkdir(directory, { recursive: true, mode: 0o755 });
  const options = `lowerdir=${image.replaceAll(":", "\\:")},upperdir=${upper},workdir=${work}`;
  await runTool("mount", ["-t", "overlay", "-o", options, "knvirt-container", root]);
  return root;
}

async function facts(
  { instance, seccompProfile }: ContainerHost,
  { pod, container, image, mounts, blockDevices }: ContainerStart,
  { rootfs, bundle }: { rootfs: string; bundle: string },
) {
  const uid = pod.metadata.uid ?? "";
  const messageFile = join(bundle, "termination-log");
  await writeFile(messageFile, "", { mode: 0o666 });
  await chmod(messageFile, 0o666); // whatever our umask is
  return {
    image: { ...image, rootfs, isReadOnly: image.isHost },
    mounts: [...image.mounts, ...mounts, bind(messageFile, container.terminationMessagePath ?? messagePath, ["rw"])],
    devices: await Promise.all([
      ...requestedDevices(container.resources?.limits).map(deviceNode),
      ...Object.entries(blockDevices).map(([path, device]) => blockNode(path, device)),
    ]),
    netns: netnsPath(instance, uid),
    cgroup: containerCgroup(instance, uid, container.name),
    hostname: podHostname(pod),
    seccompProfile,
    architecture: process.arch,
  };
}

const messagePath = "/dev/termination-log";

async function deviceNode(path: string): Promise<DeviceNode> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isCharacterDevice())
    throw new PodError("CreateContainerConfigError", `device ${path} does not exist on this machine`);
  return { path, type: "c", ...deviceNumbers(found.rdev) };
}

async function blockNode(path: string, device: string): Promise<DeviceNode> {
  return { path, type: "b", ...deviceNumbers((await stat(device)).rdev) };
}

/** Linux packs 12 bits of major and 20 bits of minor number into one. */
const deviceNumbers = (rdev: number) => ({
  major: (rdev >>> 8) & 0xfff,
  minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00),
});

/** The kubelet keeps this much of the end of a termination message. */
const messageLimitBytes = 4096;

/** Only its end is read: the container may have written there without measure. */
export async function terminationMessage(bundle: string): Promise<string> {
  const file = await open(join(bundle, "termination-log")).catch(() => undefined);
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(messageLimitBytes);
    const { bytesRead } = await file.read(end, 0, end.length, Math.max(0, size - end.length));
    return end.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
