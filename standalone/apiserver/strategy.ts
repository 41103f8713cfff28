// What a built-in resource does differently from a custom one; every member is optional.
import type { StatusCause } from "./errors.ts";
import type { NameRule } from "./metadata.ts";
import type { KubernetesObject } from "./object.ts";

export interface Strategy {
  nameRule?: NameRule;
  /** Resources without a desired state, such as events, have no generation. */
  withoutGeneration?: boolean;
  keepsStatusOnCreate?: boolean;
  /** An update may leave metadata.resourceVersion out. */
  allowsUnconditionalUpdate?: boolean;
  /** What the client has left out and counts as written by it; preparing comes after, and belongs to nobody. */
  complete?(object: KubernetesObject): KubernetesObject;
  /** Members that every object of the kind has, if only as `{}`: writing to them is not making them. */
  blank?: object;
  prepareCreate?(object: KubernetesObject, now: Date): KubernetesObject;
  prepareUpdate?(object: KubernetesObject, live: KubernetesObject): KubernetesObject;
  validate?(object: KubernetesObject, live: KubernetesObject | undefined): StatusCause[];
  /** How long the object gets to end in order; 0 removes it at once. */
  graceSeconds?(live: KubernetesObject, requested: number | undefined): number;
  /** How long it may take to end is nobody's choice: its deletion has no grace period. */
  withoutGrace?: boolean;
  /** A deletion is answered with what was deleted, not with a Status. */
  returnsDeleted?: boolean;
  /** It is no owner: what else happens at its deletion is not asked. */
  ownsNothing?: boolean;
  /** Why the object may not be deleted at all. */
  refuseDelete?(live: KubernetesObject): string | undefined;
  /** The object as it looks when its deletion has begun. */
  prepareDelete?(live: KubernetesObject): KubernetesObject;
  /** Whether something beside metadata.finalizers keeps a deleted object. */
  holdsDeletion?(object: KubernetesObject): boolean;
}
