// A simulated cluster with many nodes in which nothing goes wrong, and VMs that boot and stay.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { startCluster } from "../cluster/index.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import { createWorld, type World } from "../engine/world.ts";
import { ledgerOf } from "../invariants/index.ts";
import { callGateway } from "../play/gateway-calls.ts";
import { startSystem } from "../system/index.ts";
import type { LogEntry } from "../system/log.ts";
import { bookmarks } from "./bookmarks.ts";
import { type Books, openBooks } from "./books.ts";
import { openTally, type Tally } from "./tally.ts";

export interface Site {
  world: World;
  tally: Tally;
  books: Books;
  user: SimulatedProcess;
  /** Time goes on. */
  pass(milliseconds: number): Promise<void>;
  until(isThere: () => boolean, what: string): Promise<void>;
  /** Each of these asks for all at once. */
  create(numbers: readonly number[]): void;
  restart(numbers: readonly number[]): void;
  remove(numbers: readonly number[]): void;
  /** Throws when anybody complained of anything. */
  close(): void;
}

export interface SiteOptions {
  nodes: number;
  /** Most at a time. */
  vms: number;
}

export const namespace = "default";
const patienceMs = 24 * 3600_000;

export function openSite({ nodes, vms }: SiteOptions): Site {
  const [tally, books, marks, complaints] = [openTally(), openBooks(), bookmarks(), new Set<string>()];
  const world: World = createWorld({
    ...{ seed: 1, isTraced: false },
    onWrite: (write) => {
      tally.onWrite(write);
      books.take(write, world.timeline.nowMs);
    },
    counted: (api) => marks.counted(tally.counted(api)),
  });
  marks.start(world.timeline.after);
  const ledger = ledgerOf(() => world.timeline.nowMs);
  const roomForPods = Math.max(110, Math.ceil((vms / nodes) * 1.5));
  const cluster = startCluster({ world, nodes, ledger, behaviourOf: () => wellBehaved, roomForPods });
  const onLog = ({ level, process, sentence, err }: LogEntry): void => {
    if (level !== "info") complaints.add(`${process}: ${sentence} ${err instanceof Error ? err.message : ""}`);
  };
  startSystem({ world, cluster, host: "knative", replicas: 1, onLog });
  return {
    ...{ world, tally, books },
    ...passing(world),
    ...wishes(world, (complaint) => void complaints.add(complaint)),
    close: () => {
      world.close();
      if (complaints.size > 0)
        throw new Error(`a calm cluster had trouble: ${[...complaints].slice(0, 9).join("; ")}`);
    },
  };
}

const wellBehaved = { bootMs: 5_000, startFailures: 0, shutdownMs: 2_000, hangsAtShutdown: false };

const passing = ({ timeline }: World): Pick<Site, "pass" | "until"> => ({
  pass: async (milliseconds) => {
    const endMs = timeline.nowMs + milliseconds;
    timeline.after(milliseconds, () => undefined);
    while (timeline.nowMs < endMs) await timeline.step();
  },
  until: async (isThere, what) => {
    const latestMs = timeline.nowMs + patienceMs;
    while (!isThere()) {
      await timeline.step();
      if (timeline.nowMs > latestMs) throw new Error(`${what}: did not happen within a day of virtual time`);
    }
  },
});

function wishes(world: World, complain: (of: string) => void): Pick<Site, "user" | "create" | "restart" | "remove"> {
  const user = world.spawn("user", "kubernetes-admin");
  const gateway = world.spawn("gateway", "knvirt-gateway");
  const each = (numbers: readonly number[], ask: (vm: string) => Promise<unknown>): void => {
    for (const number of numbers) {
      const vm = `vm-${number}`;
      ask(vm).catch((error: Error) => complain(`${vm}: ${error.message}`));
    }
  };
  return {
    user,
    create: (numbers) => each(numbers, (vm) => user.client.create(virtualMachines, aVm(vm))),
    restart: (numbers) => each(numbers, (vm) => callGateway(gateway, { verb: "restart", vm, body: {} })),
    remove: (numbers) => each(numbers, (name) => user.client.delete(virtualMachines, { namespace, name })),
  };
}

export const aVm = (name: string): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name, labels: { app: "bench" } },
  spec: {
    runStrategy: "Always",
    template: {
      metadata: { labels: { app: "bench" } },
      spec: {
        domain: {
          cpu: { cores: 1 },
          memory: { guest: "1Gi" },
          devices: {
            disks: [{ name: "root", disk: { bus: "virtio" } }],
            interfaces: [{ name: "default", masquerade: {} }],
          },
        },
        networks: [{ name: "default", pod: {} }],
        volumes: [{ name: "root", containerDisk: { image: "registry.example/guests/small:1" } }],
      },
    },
  },
});
