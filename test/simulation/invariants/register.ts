// What stands in the API and what stood there, as the writes tell it: virtual machines, their incarnations, and pods.
import { label, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { type KubernetesObject, keyOf, keyText, type OwnerReference, type Pod } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";

export interface Entry<T extends KubernetesObject> {
  readonly uid: string;
  /** `namespace/name` */
  readonly key: string;
  /** As it stands, or stood last. */
  object: T;
  isGone: boolean;
  /** Who asked for its deletion first, and who took it out of the store. */
  deletedBy?: string;
  removedBy?: string;
}

export interface Shelf<T extends KubernetesObject> {
  get(uid: string | undefined): Entry<T> | undefined;
  /** The one that has this name now. */
  named(key: string): Entry<T> | undefined;
  all(): Iterable<Entry<T>>;
}

export interface Register {
  write(write: Write): void;
  readonly vms: Shelf<VirtualMachine>;
  readonly vmis: Shelf<VirtualMachineInstance>;
  readonly pods: Shelf<Pod>;
  /** Those of this instance, also those that are gone. */
  podsOf(vmiUid: string): readonly Entry<Pod>[];
}

export const controllerOf = ({ metadata }: KubernetesObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

/** Who takes the owner from a pod does not make it somebody else's. */
export function isLauncherOf(pod: Pod, vmiUid: string): boolean {
  const controller = controllerOf(pod);
  return controller ? controller.uid === vmiUid : pod.metadata.labels?.[label.createdBy] === vmiUid;
}

export function registerOf(): Register {
  const vms = shelf<VirtualMachine>();
  const vmis = shelf<VirtualMachineInstance>();
  const pods = shelf<Pod>();
  const byInstance = new Map<string, Entry<Pod>[]>();
  return {
    vms,
    vmis,
    pods,
    podsOf: (vmiUid) => byInstance.get(vmiUid) ?? [],
    write: (write) => {
      if (write.kind === "VirtualMachine") vms.take(write);
      else if (write.kind === "VirtualMachineInstance") vmis.take(write);
      else if (write.kind === "Pod") {
        const entry = pods.take(write);
        if (!write.before && entry) remember(byInstance, entry);
      }
    },
  };
}

function remember(byInstance: Map<string, Entry<Pod>[]>, entry: Entry<Pod>): void {
  const owner = controllerOf(entry.object)?.uid ?? "";
  const known = byInstance.get(owner);
  if (known) known.push(entry);
  else byInstance.set(owner, [entry]);
}

function shelf<T extends KubernetesObject>(): Shelf<T> & { take(write: Write): Entry<T> | undefined } {
  const byUid = new Map<string, Entry<T>>();
  const byName = new Map<string, Entry<T>>();
  const entryOf = (object: T): Entry<T> => {
    const uid = object.metadata.uid ?? "";
    const known = byUid.get(uid);
    if (known) return known;
    const entry: Entry<T> = { uid, key: keyText(keyOf(object)), object, isGone: false };
    byUid.set(uid, entry);
    byName.set(entry.key, entry);
    return entry;
  };
  return {
    get: (uid) => (uid === undefined ? undefined : byUid.get(uid)),
    named: (key) => byName.get(key),
    all: () => byUid.values(),
    take: ({ before, after, user, verb }) => {
      const object = (after ?? before) as T | undefined;
      if (!object) return undefined;
      const entry = entryOf(object);
      entry.object = object;
      if (verb === "delete") entry.deletedBy ??= user;
      if (after) return entry;
      entry.isGone = true;
      entry.removedBy = user;
      if (byName.get(entry.key) === entry) byName.delete(entry.key);
      return entry;
    },
  };
}
