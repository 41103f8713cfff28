// The Node object: registered by the kubelet when there is none, and called ready again whenever somebody says otherwise.
import { deviceResource, label } from "@knvirt/api";
import { inform, isAlreadyExists, type Node, nodes } from "@knvirt/kubernetes";
import { keyedQueue } from "../../../../node-executor/queue.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";

export interface Registration {
  node: string;
  hostIP: string;
  roomForPods: number;
}

const watchSeconds = 3600;
/** The kubelet looks so often whether its node's status is as it should be. */
const statusMs = 10_000;

/** Resolves when the node is registered: pods are looked after from then on. */
export async function register(process: SimulatedProcess, registration: Registration): Promise<void> {
  const { client, clock, random } = process;
  const queue = keyedQueue({ run: () => keepReady(process, registration), onError: () => undefined, clock });
  const watch = inform<Node>(client, nodes, {
    ...{ fieldSelector: `metadata.name=${registration.node}`, watchSeconds, clock },
    onChange: ({ type, object }) => {
      if (type !== "deleted" && !isReady(object)) queue.add(registration.node, random.below(statusMs));
    },
  });
  const { promise: registered, resolve } = Promise.withResolvers<void>();
  const registering = keyedQueue({
    run: async () => {
      await create(process, registration);
      resolve();
      return undefined;
    },
    onError: () => undefined,
    clock,
  });
  registering.add(registration.node);
  await Promise.all([watch.synced, registered]);
}

const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;

async function create({ client, clock }: SimulatedProcess, registration: Registration): Promise<void> {
  const { node: name } = registration;
  const found = await client.find(nodes, { name });
  if (found) return;
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/os": "linux",
    // The executor of the node says so too, as long as it lives.
    [label.schedulable]: "true",
  };
  try {
    await client.create<Node>(nodes, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels },
      spec: {},
      status: statusOf(registration, clock.now()),
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

async function keepReady({ client, clock }: SimulatedProcess, { node: name }: Registration): Promise<undefined> {
  const found = await client.find(nodes, { name });
  if (!found || isReady(found)) return;
  const { uid, resourceVersion } = found.metadata;
  const patch = { metadata: { uid, resourceVersion }, status: { conditions: [ready(clock.now())] } };
  await client.mergePatch(nodes, { name }, { patch, subresource: "status" });
}

function statusOf({ hostIP, roomForPods }: Registration, now: Date): NonNullable<Node["status"]> {
  const room = {
    ...{ cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", pods: `${roomForPods}` },
    ...{ [deviceResource.kvm]: "1k", [deviceResource.tun]: "1k", [deviceResource.vhostNet]: "1k" },
  };
  return {
    capacity: room,
    allocatable: room,
    conditions: [ready(now)],
    addresses: [{ type: "InternalIP", address: hostIP }],
  };
}

const ready = (now: Date) => ({
  ...({ type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" } as const),
  lastTransitionTime: now.toISOString().replace(/\.\d+Z$/, "Z"),
});
