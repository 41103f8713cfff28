// All that a reconcile function may ask for. Plain data, so a test can compare it; each carries what it was decided on.
import type { KubernetesObject, OwnerReference } from "@knvirt/kubernetes";

export type Intent =
  | { verb: "create"; object: KubernetesObject } // deterministic name: a twin is recognised, not a second object
  | { verb: "delete"; object: KubernetesObject; graceSeconds?: number } // this uid only: a successor survives
  | { verb: "adopt"; object: KubernetesObject; owner: OwnerReference } // only while nobody else changed it
  | { verb: "applyStatus"; object: KubernetesObject; status: object } // our fields only, by server-side apply
  | { verb: "changeSpec"; object: KubernetesObject; spec: object } // the named fields of the spec, null removes
  | { verb: "addFinalizer"; object: KubernetesObject; finalizer: string }
  | { verb: "removeFinalizer"; object: KubernetesObject; finalizer: string }
  | { verb: "event"; object: KubernetesObject; event: Note }
  | { verb: "requeue"; seconds: number };

/** What people read in `kubectl describe`: told once for each change, never for a state that lasts. */
interface Note {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

/** A write that the API server will not take, however often it is sent as it is. */
export interface Refusal {
  verb: Intent["verb"];
  kind: string;
  name: string;
  message: string;
}

export const create = (object: KubernetesObject): Intent => ({ verb: "create", object });
/** Of a pod: with its own grace, unless another one is given. */
export const remove = (object: KubernetesObject, graceSeconds?: number): Intent => ({
  verb: "delete",
  object,
  ...(graceSeconds !== undefined && { graceSeconds }),
});
export const adopt = (object: KubernetesObject, owner: OwnerReference): Intent => ({ verb: "adopt", object, owner });
export const applyStatus = (object: KubernetesObject, status: object): Intent => ({
  verb: "applyStatus",
  object,
  status,
});
export const changeSpec = (object: KubernetesObject, spec: object): Intent => ({ verb: "changeSpec", object, spec });
export const addFinalizer = (object: KubernetesObject, finalizer: string): Intent => ({
  verb: "addFinalizer",
  object,
  finalizer,
});
export const removeFinalizer = (object: KubernetesObject, finalizer: string): Intent => ({
  verb: "removeFinalizer",
  object,
  finalizer,
});
export const normal = (object: KubernetesObject, reason: string, message: string): Intent => ({
  verb: "event",
  object,
  event: { type: "Normal", reason, message },
});
export const warning = (object: KubernetesObject, reason: string, message: string): Intent => ({
  verb: "event",
  object,
  event: { type: "Warning", reason, message },
});
export const requeue = (seconds: number): Intent => ({ verb: "requeue", seconds });

export const hasFinalizer = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;
