// For tests of the control plane: a node that by itself does with each launcher pod what scheduler, kubelet and executor do.
import { vmiOfLauncherPod } from "@knvirt/api";
import { type Client, inform, isConflict, isNotFound, type Pod, pods } from "@knvirt/kubernetes";
import { namespace, objectsOf } from "./rig-objects.ts";

/** Answers how to stop it. */
export function busyNode(client: Client): () => Promise<void> {
  const { bind, startGuest } = objectsOf(client);
  const work = new Map<string, Promise<void>>();
  /** What is next for a pod; nothing is for one that is not ours, or has all. */
  const next = (name: string): (() => Promise<void>) | undefined => {
    const pod = informer.get(`${namespace}/${name}`);
    const vmi = vmiOfLauncherPod({ namespace, name })?.name;
    if (!pod || !vmi) return undefined;
    if (pod.metadata.deletionTimestamp) return () => letGo(client, pod);
    if (!pod.spec.nodeName) return () => bind(vmi);
    return pod.status?.phase === "Running" ? undefined : () => startGuest(vmi);
  };
  const informer = inform(client, pods, {
    namespace,
    onChange: ({ object: { metadata } }) => {
      const before = work.get(metadata.name) ?? Promise.resolve();
      work.set(
        metadata.name,
        before.then(() => untilDone(next(metadata.name))),
      );
    },
  });
  return async () => {
    informer.stop();
    await Promise.all(work.values());
  };
}

const letGo = (client: Client, { metadata: { name, uid } }: Pod): Promise<void> =>
  client.delete(pods, { namespace, name }, { gracePeriodSeconds: 0, ...(uid && { uid }) });

const mostTries = 20;

/** Others write the same objects, and delete them: a conflict is tried again, and what is gone needs nothing. */
async function untilDone(act: (() => Promise<void>) | undefined): Promise<void> {
  for (let tries = 0; act && tries < mostTries; tries++) {
    const error = await act().catch((thrown: unknown) => thrown);
    if (error === undefined || isNotFound(error)) return;
    if (!isConflict(error)) throw error;
  }
}
