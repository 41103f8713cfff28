// A world with Kubernetes' controllers, or with nodes, and nothing of ours: for tests of the cluster model alone.
import {
  type KubernetesObject,
  keyOf,
  type Node,
  nodes,
  type Pod,
  pathOf,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import { createWorld, type World } from "../../engine/world.ts";
import { type Ledger, ledgerOf } from "../../invariants/ledger.ts";

export interface Rig {
  world: World;
  ledger: Ledger;
  /** What was told of guests, containers and disks: `guest runs`. */
  facts: string[];
  create<T extends KubernetesObject>(of: Resource<T>, object: T): T;
  patch(of: Resource, object: KubernetesObject, change: object): void;
  patchStatus(of: Resource, object: KubernetesObject, status: object): void;
  remove(of: Resource, object: KubernetesObject, body?: object): void;
  pod(name: string): Pod | undefined;
  node(name: string): Node | undefined;
  /** Virtual time goes on for so long. */
  pass(milliseconds: number): Promise<void>;
}

const user = "kubernetes-admin";

export function openRig(seed = 1): Rig {
  const world = createWorld({ seed, isTraced: false });
  const ledger = ledgerOf(() => world.timeline.nowMs);
  const facts: string[] = [];
  ledger.follow({
    guest: ({ what, how }) => void facts.push(`guest ${what}${how ? ` ${how}` : ""}`),
    container: ({ what, exitCode }) =>
      void facts.push(`container ${what}${exitCode === undefined ? "" : ` ${exitCode}`}`),
    disk: ({ what, claim }) => void facts.push(`disk ${what} ${claim}`),
  });
  const { api, timeline } = world;
  const patch = (path: string, body: object): void =>
    void api.call({ method: "PATCH", path, contentType: "application/merge-patch+json", body }, user);
  return {
    ...{ world, ledger, facts },
    create: (of, object) => {
      const { namespace } = object.metadata;
      const path = pathOf(of, namespace === undefined ? {} : { namespace });
      return api.call({ method: "POST", path, body: object }, user) as typeof object;
    },
    patch: (of, object, change) => patch(pathOf(of, keyOf(object)), change),
    patchStatus: (of, object, status) => patch(pathOf(of, keyOf(object), "status"), { status }),
    remove: (of, object, body) =>
      void api.call({ method: "DELETE", path: pathOf(of, keyOf(object)), ...(body && { body }) }, user),
    pod: (name) => api.find(pods, { namespace, name }),
    node: (name) => api.find(nodes, { name }),
    pass: async (milliseconds) => {
      const untilMs = timeline.nowMs + milliseconds;
      let isOver = false;
      timeline.after(milliseconds, () => {
        isOver = true;
      });
      while (!isOver && (timeline.nextMs ?? Number.POSITIVE_INFINITY) <= untilMs) await timeline.step();
    },
  };
}

const namespace = "default";

export const aNode = (name: string, { ready = "True", room = 10, ...spec }: NodeWishes = {}): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  spec,
  status: {
    allocatable: { cpu: "8", memory: "16Gi", pods: `${room}` },
    conditions: [{ type: "Ready", status: ready }],
  },
});

interface NodeWishes extends NonNullable<Node["spec"]> {
  ready?: "True" | "False" | "Unknown";
  room?: number;
}

export const aPod = (
  name: string,
  spec: Partial<Pod["spec"]> = {},
  metadata: Partial<Pod["metadata"]> = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, ...metadata },
  spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.com/main:1" }], ...spec },
});

export const conditionOf = (object: Pod | Node | undefined, wanted: string): string | undefined =>
  object?.status?.conditions?.find(({ type }) => type === wanted)?.status;
