// An accepted write, as who keeps the books of a simulation is told of it.
import type { Key, KubernetesObject } from "@knvirt/kubernetes";

export interface Write {
  user: string;
  verb: "create" | "update" | "patch" | "apply" | "delete";
  subresource?: string;
  /** Who owns the fields that were written. */
  manager?: string;
  kind: string;
  key: Key;
  before: KubernetesObject | undefined;
  /** `before` itself when nothing changed; undefined when the object is gone. */
  after: KubernetesObject | undefined;
}
