// The cluster model: what others build on.
export type { GuestBehaviour } from "./behaviour.ts";
export { type Cluster, startCluster } from "./cluster.ts";
export type { Container } from "./container.ts";
export type { SimulatedNode } from "./node.ts";
