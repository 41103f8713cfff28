// Where a container's root file system comes from: a host image, or the image store; credentials from pull secrets.
import { lstat, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Pod, Secret } from "@knvirt/kubernetes";
import {
  type ImageConfig,
  ImageError,
  type ImageStore,
  type PullPolicy,
  type PullProgress,
} from "../images/index.ts";
import { findHostImage } from "./host-image.ts";
import type { Instance } from "./instance.ts";
import type { OciMount } from "./oci/mounts.ts";

export interface ContainerImage extends ImageConfig {
  reference: string;
  digest: string;
  rootfs: string;
  /** A host image is mounted already, shared, and never written; another gets a writable layer per container. */
  isHost: boolean;
  mounts: OciMount[];
  passwd: string;
  group: string;
}

export interface ImageSources {
  instance: Instance;
  images: ImageStore;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  onPull(pod: Pod, reference: string, progress: PullProgress): void;
}

export async function containerImage(
  sources: ImageSources,
  pod: Pod,
  { image, imagePullPolicy }: { image: string; imagePullPolicy?: PullPolicy },
): Promise<ContainerImage> {
  const host = await findHostImage(sources.instance, image);
  if (host) return { ...host, isHost: true, cmd: [], user: "", workingDir: "/", ...(await userFiles(host.rootfs)) };
  const { config, ...stored } = await storedImage(sources, pod, { reference: image, pullPolicy: imagePullPolicy });
  return { ...stored, ...config, isHost: false, mounts: [], ...(await userFiles(stored.rootfs)) };
}

export function storedImage(
  { images, secret, onPull }: ImageSources,
  pod: Pod,
  { reference, pullPolicy }: { reference: string; pullPolicy?: PullPolicy | undefined },
) {
  const namespace = pod.metadata.namespace ?? "default";
  return images.pull(reference, {
    policy: pullPolicy,
    onProgress: (progress) => onPull(pod, reference, progress),
    credentials: async () => {
      const names = (pod.spec.imagePullSecrets ?? []).map(({ name }) => name);
      return mergedCredentials(await Promise.all(names.map((name) => secret(namespace, name))));
    },
  });
}

/** One `.dockerconfigjson` out of several; the first secret that knows a registry wins. A missing secret is no error:
 * Kubernetes tries without it, and the registry says what is wrong. */
export function mergedCredentials(secrets: (Secret | undefined)[]): string | undefined {
  const auths = secrets.flatMap((found) => (found?.data?.[credentialsKey] === undefined ? [] : [authsOf(found)]));
  if (auths.length === 0) return undefined;
  return JSON.stringify({ auths: Object.assign({}, ...auths.reverse()) });
}

const credentialsKey = ".dockerconfigjson";

/** What a parser says of a broken text quotes it: nobody is told that. */
function authsOf({ metadata: { namespace = "default", name }, data = {} }: Secret): object {
  try {
    return (
      (JSON.parse(Buffer.from(data[credentialsKey] ?? "", "base64").toString()) as { auths?: object }).auths ?? {}
    );
  } catch {
    throw new ImageError("BadCredentials", `pull secret ${namespace}/${name}: its ${credentialsKey} is not JSON`);
  }
}

/** To look up user names by. Read by path below the image: a link out of the image must not be followed. */
async function userFiles(rootfs: string): Promise<{ passwd: string; group: string }> {
  const [passwd, group] = await Promise.all([plainFile(rootfs, "etc/passwd"), plainFile(rootfs, "etc/group")]);
  return { passwd, group };
}

async function plainFile(rootfs: string, path: string): Promise<string> {
  const file = join(rootfs, path);
  const found = await lstat(file).catch(() => undefined);
  if (!found?.isFile() || !(await realpath(file)).startsWith(`${await realpath(rootfs)}/`)) return "";
  return readFile(file, "utf8");
}
