// The end of claims, and the class that they ask for: storage goes when its claim is deleted and no pod uses it any more.
import {
  type Client,
  hasMoved,
  inform,
  type KubernetesObject,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  pods,
  storageClasses,
} from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { Instance } from "./instance.ts";
import { removeStorage } from "./volumes/claim.ts";
import { startWorkers } from "./worker.ts";

export interface StorageOptions {
  instance: Instance;
  client: Client;
  log: Logger;
}

const manager = "knvirt-storage";
/** Put onto each claim by the API server. */
const protection = "kubernetes.io/pvc-protection";
const pauseMs = 2_000;

const localClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "knvirt.dev/local",
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};

/** Answers how to stop it. */
export async function startStorage({ instance, client, log }: StorageOptions): Promise<() => Promise<void>> {
  await client.apply(storageClasses, localClass as KubernetesObject, { manager, force: true });
  const onError = (error: unknown) => log.warn({ error }, "claims cannot be watched");
  const workers = startWorkers(async (key) => {
    const claim = claims.all().find((one) => keyOf(one) === key);
    if (!claim) return;
    try {
      if (await isOver(client, claim)) await release({ instance, client }, claim);
    } catch (error) {
      if (hasMoved(error)) return; // the watch brings what has changed
      log.error({ claim: key, error }, "storage of a claim cannot be removed: tried again");
      workers.pokeAt(key, new Date(Date.now() + pauseMs));
    }
  });
  const pokeAll = () => {
    for (const claim of claims.all()) if (claim.metadata.deletionTimestamp) workers.poke(keyOf(claim));
  };
  const claims = inform(client, persistentVolumeClaims, { onChange: pokeAll, onError });
  const ends = inform(client, pods, {
    onChange: ({ type, object }) => (type === "deleted" || hasEnded(object)) && pokeAll(),
    onError,
  });
  return async () => {
    claims.stop();
    ends.stop();
    await workers.stop();
  };
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}/${metadata.uid}`;

const hasEnded = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

/** Asked of the API server itself: a pod that was made a moment ago counts. */
async function isOver(client: Client, { metadata }: PersistentVolumeClaim): Promise<boolean> {
  if (!metadata.deletionTimestamp) return false;
  const { items } = await client.list(pods, { namespace: metadata.namespace ?? "default" });
  return !items.some(
    (pod) =>
      !hasEnded(pod) &&
      pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name),
  );
}

/** The data first: a claim that is gone could not tell of what is left. */
async function release(
  { instance, client }: Omit<StorageOptions, "log">,
  claim: PersistentVolumeClaim,
): Promise<void> {
  const { name, namespace = "default", uid = "", resourceVersion = "", finalizers = [] } = claim.metadata;
  await removeStorage(instance, uid);
  const left = finalizers.filter((finalizer) => finalizer !== protection);
  await client.mergePatch(
    persistentVolumeClaims,
    { namespace, name },
    { patch: { metadata: { uid, resourceVersion, finalizers: left } } },
  );
}
