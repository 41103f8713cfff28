// Brings a pod to life: sandbox, volumes and images at the same time, then its containers. Each step finds what an
// interrupted attempt left and goes on from there.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Container, PersistentVolumeClaim, Pod } from "@knvirt/kubernetes";
import { writeAtomically } from "./atomic-file.ts";
import { type ClaimAccess, takeClaims } from "./claims.ts";
import { type ContainerHost, runContainer } from "./container.ts";
import { asPodError, PodError, type PodReason } from "./errors.ts";
import { type ContainerImage, containerImage, type ImageSources, storedImage } from "./image-source.ts";
import { type Instance, podDirectory } from "./instance.ts";
import type { PodNetwork } from "./network.ts";
import { absentIs, podUids } from "./observe.ts";
import { writePodFiles } from "./pod-files.ts";
import type { ContainerAttempt } from "./reconcile.ts";
import { ensureSandbox } from "./sandbox.ts";
import { allOrFirstError } from "./settled.ts";
import { ensureStorage } from "./volumes/claim.ts";
import { prepareVolumes, type VolumeSources, volumeDevices, volumeMounts } from "./volumes/index.ts";

export interface PodHost extends ContainerHost, ImageSources {
  network: PodNetwork;
  configMap: VolumeSources["configMap"];
  claims: ClaimAccess;
}

export interface PodStart {
  pod: Pod;
  containers: ContainerAttempt[];
  /** Gives up waiting for images: the pod is to end before it began. */
  signal: AbortSignal;
}

export async function startPod(host: PodHost, { pod, containers, signal }: PodStart): Promise<void> {
  const podDir = podDirectory(host.instance, uidOf(pod));
  await savePod(pod, podDir);
  const claims = await step("FailedMount", takeClaims(host, pod));
  const due = containers.flatMap(({ name, attempt }) => {
    const container = pod.spec.containers.find((candidate) => candidate.name === name);
    return container ? [{ container, attempt }] : [];
  });
  const [sandbox, volumes, images] = await allOrFirstError([
    step("FailedCreatePodSandBox", ensureSandbox(host.instance, host.network, sandboxPod(pod))),
    step("FailedMount", prepareVolumes(pod, podDir, volumeSources(host, claims, signal))),
    step("ErrImagePull", abortable(imagesOf(host, pod, due), signal)),
  ]);
  await saveImages(podDir, [...images.values(), ...volumes.values()]);
  const files = await writePodFiles(pod, podDir, sandbox.ip);
  for (const { container, attempt } of due) {
    const image = images.get(container.name);
    if (!image) continue;
    const mounts = [...files, ...volumeMounts(container, volumes)];
    const blockDevices = volumeDevices(container, volumes);
    await step("RunContainerError", runContainer(host, { pod, container, attempt, image, mounts, blockDevices }));
  }
}

const uidOf = ({ metadata: { uid = "" } }: Pod): string => uid;

const sandboxPod = (pod: Pod) => ({
  uid: uidOf(pod),
  namespace: pod.metadata.namespace ?? "default",
  name: pod.metadata.name,
});

/** What the machine must know to end this pod without the API server. Managed fields are of no use to it. */
async function savePod(pod: Pod, podDir: string): Promise<void> {
  await mkdir(podDir, { recursive: true, mode: 0o750 });
  const { managedFields: _, ...metadata } = pod.metadata;
  await writeAtomically(join(podDir, "pod.json"), JSON.stringify({ ...pod, metadata, status: undefined }), {
    mode: 0o600,
  });
}

/** Which unpacked images this pod has mounted, to be kept as long as it is here. */
async function saveImages(podDir: string, mounted: ({ rootfs: string } | { source: string })[]): Promise<void> {
  const directories = mounted.map((from) => ("rootfs" in from ? from.rootfs : from.source));
  const before = await savedImages(podDir); // those of containers that are not started this time
  await writeAtomically(join(podDir, imagesFile), JSON.stringify([...new Set([...before, ...directories])]));
}

/** Every directory that a pod of this machine has mounted from an image or as a volume. */
export async function imagesInUse(instance: Instance): Promise<Set<string>> {
  const lists = (await podUids(instance)).map((uid) => savedImages(podDirectory(instance, uid)));
  return new Set((await Promise.all(lists)).flat());
}

const savedImages = async (podDir: string): Promise<string[]> =>
  JSON.parse(await readFile(join(podDir, imagesFile), "utf8").catch(absentIs("[]"))) as string[];

const imagesFile = "images.json";

const volumeSources = (
  host: PodHost,
  claims: Map<string, PersistentVolumeClaim>,
  signal: AbortSignal,
): VolumeSources => ({
  secret: host.secret,
  configMap: host.configMap,
  claim: async (pod, name) => {
    const claim = claims.get(name);
    if (!claim) throw new PodError("FailedMount", `claim ${name} was not looked up`);
    const storage = await ensureStorage(host.instance, claim, pod.spec.securityContext?.fsGroup);
    await host.claims.bind(claim);
    return storage;
  },
  imageRootfs: async (pod, { reference, pullPolicy }) =>
    (await abortable(storedImage(host, pod, { reference, pullPolicy }), signal)).rootfs,
});

async function imagesOf(
  host: PodHost,
  pod: Pod,
  due: { container: Container }[],
): Promise<Map<string, ContainerImage>> {
  const found = due.map(
    async ({ container }): Promise<[string, ContainerImage]> => [
      container.name,
      await containerImage(host, pod, container),
    ],
  );
  return new Map(await Promise.all(found));
}

async function step<T>(reason: PodReason, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asPodError(error, reason);
  }
}

/** A pull goes on for whoever else wants the image; this pod no longer waits for it. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("the pod is to end before it began")), { once: true });
    if (signal.aborted) reject(new Error("the pod is to end before it began"));
    work.then(resolve, reject);
  });
}
