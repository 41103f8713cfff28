// Owner references: who made an object and answers for it.
import type { KubernetesObject, OwnerReference } from "./objects.ts";

export const controllerOf = ({ metadata }: KubernetesObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

export const isControlledBy = (object: KubernetesObject, owner: KubernetesObject): boolean =>
  controllerOf(object)?.uid !== undefined && controllerOf(object)?.uid === owner.metadata.uid;

/** Not where nobody controls it. */
export const isControlledByOther = (object: KubernetesObject, owner: KubernetesObject): boolean =>
  controllerOf(object) !== undefined && !isControlledBy(object, owner);

/** Throws for an owner that was never stored: it has no uid to refer to. */
export function controllerReference({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference {
  const { name, uid } = metadata;
  if (uid === undefined) throw new Error(`${kind} ${name} cannot own anything: it has no uid`);
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The way messages name an object that somebody else controls. */
export const describeController = (object: KubernetesObject): string => {
  const controller = controllerOf(object);
  return controller ? `${controller.kind} ${controller.name}` : "nobody";
};
