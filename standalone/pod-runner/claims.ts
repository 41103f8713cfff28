// The claims a pod uses: looked up before anything is made for it, and bound to their storage once that is there.
import {
  type Client,
  type KubernetesObject,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
} from "@knvirt/kubernetes";
import { PodError } from "./errors.ts";
import { type Instance, podDirectory } from "./instance.ts";
import { podUids } from "./observe.ts";
import { type OneByOne, oneByOne } from "./one-by-one.ts";
import { claimsInUse, noteClaims } from "./volumes/claim.ts";

export interface ClaimAccess {
  find(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined>;
  /** Tells that there is storage. */
  bind(claim: PersistentVolumeClaim): Promise<void>;
  /** For who looks which claims pods use, and acts on it: nobody begins or ends to use one meanwhile. */
  inTurn: OneByOne;
}

const manager = "knvirt-storage";

export const claimAccess = (client: Client): ClaimAccess => ({
  find: (namespace, name) => client.find(persistentVolumeClaims, { namespace, name }),
  bind: async ({ apiVersion, kind, metadata: { name, namespace, uid = "" }, spec, status }) => {
    if (status?.phase === "Bound") return;
    const head = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }), uid } };
    const apply = (object: object, subresource?: "status") =>
      client.apply(persistentVolumeClaims, { ...head, ...object } as KubernetesObject, {
        ...{ manager, force: true },
        ...(subresource && { subresource }),
      });
    await apply({ spec: { volumeName: `pvc-${uid}` } });
    const { accessModes = [], resources } = spec;
    const capacity = { storage: resources?.requests?.storage };
    await apply({ status: { phase: "Bound", accessModes, capacity } }, "status");
  },
  inTurn: oneByOne(),
});

/** By name. They are noted for the pod before anything is made. */
export async function takeClaims(
  { instance, claims }: { instance: Instance; claims: ClaimAccess },
  pod: Pod,
): Promise<Map<string, PersistentVolumeClaim>> {
  const { namespace = "default", uid = "" } = pod.metadata;
  const found = new Map<string, PersistentVolumeClaim>();
  for (const { name: volume, persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const { claimName } = persistentVolumeClaim;
    const claim = await claims.find(namespace, claimName);
    found.set(claimName, usable(claim, `volume ${volume} needs claim ${namespace}/${claimName}`));
  }
  if (found.size > 0) await claims.inTurn(() => note(instance, uid, [...found.values()]));
  return found;
}

async function note(instance: Instance, uid: string, found: PersistentVolumeClaim[]): Promise<void> {
  const others = (await podUids(instance)).filter((other) => other !== uid);
  requireAlone(found, await claimsInUse(instance, others));
  await noteClaims(
    podDirectory(instance, uid),
    found.map(({ metadata }) => metadata.uid ?? ""),
  );
}

function usable(claim: PersistentVolumeClaim | undefined, what: string): PersistentVolumeClaim {
  if (!claim) throw new PodError("FailedMount", `${what}: it does not exist`);
  if (claim.metadata.deletionTimestamp) throw new PodError("FailedMount", `${what}: it is being deleted`);
  return claim;
}

function requireAlone(claims: PersistentVolumeClaim[], used: ReadonlySet<string>): void {
  const taken = claims.find(
    ({ metadata, spec }) => spec.accessModes?.includes("ReadWriteOncePod") && used.has(metadata.uid ?? ""),
  );
  if (!taken) return;
  throw new PodError(
    "FailedMount",
    `claim ${taken.metadata.name} is used by another pod: its access mode is ReadWriteOncePod`,
  );
}
