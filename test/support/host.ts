// What a spec needs of the place it runs on, so that the same spec speaks to one machine and to a cluster.
import type { Client, ClusterAccess, Key } from "@knvirt/kubernetes";
import type { Reply } from "./relay.ts";

export interface Host {
  readonly kind: "standalone" | "cluster";
  readonly kubeconfig: string;
  readonly access: ClusterAccess;
  readonly client: Client;
  /** Where specs put their objects. */
  readonly namespace: string;
  /** The KubeVirt object. */
  readonly settings: Key;
  /** Kernel, initrd and a disk: see standalone/guest. */
  readonly guestImage: string;
  /** The program's name or path; undefined where there is none. */
  readonly kubectl: string | undefined;
  /** A reference of that name which nobody can pull. */
  absentImage(name: string): string;
  /** Makes an image of a folder with an OCI layout usable, and answers with its reference. */
  publish(layout: string): Promise<string>;
  /** GET from where pods are reached. Throws when nobody answers. */
  get(url: string): Promise<Reply>;
  /** URL of a web server that guests reach through their gateway; it answers with `relayGreeting`. */
  outside(): Promise<Outside>;
  /** Metrics of the node executor; the token is one that may read them unless it is given. */
  scrape(token?: string): Promise<Reply>;
  /** Objects, events and the ends of logs: what a failing spec prints. */
  evidence(): Promise<string>;
}

export interface Outside {
  url: string;
  close(): void;
}
