// What the controllers of kube-controller-manager have in common: what they see, and when they are told of it.
import type { Change, Informer, KubernetesObject, Node, Pod, Resource } from "@knvirt/kubernetes";

/** What leases tell, which are not kept in the API here. */
export interface Heartbeats {
  /** The API server can be reached just now. */
  isReached(): boolean;
  /** The kubelet of the node would have renewed its lease just now. */
  isHeard(node: string): boolean;
}

export interface Followed {
  pods: Pick<Informer<Pod>, "all" | "get">;
  nodes: Pick<Informer<Node>, "all" | "get">;
}

export interface Controller {
  /** From the beginning, before all was seen. */
  onChange?(of: Resource, change: Change<KubernetesObject>): void;
  /** All was seen. */
  synced(): void;
}
