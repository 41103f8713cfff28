// The world of a plan: an API server with what its users find there, a cluster, and our own processes in it.
import { pathOf, persistentVolumeClaims, type Resource } from "@knvirt/kubernetes";
import type { GuestBehaviour } from "../cluster/index.ts";
import { startCluster } from "../cluster/index.ts";
import { createWorld, type World, type WorldOptions } from "../engine/world.ts";
import { ledgerOf } from "../invariants/index.ts";
import type { Plan } from "../plan/plan.ts";
import { startSystem } from "../system/index.ts";
import type { OnLog } from "../system/log.ts";
import { type Books, openBooks } from "./books.ts";
import { startGateway } from "./gateway-calls.ts";
import { lastingOf, type Stage } from "./stage.ts";
import { claimOf, namespace } from "./vm-objects.ts";

export interface Furnished extends Stage {
  books: Books;
}

export interface FurnishOptions {
  isTraced: boolean;
  counted?: WorldOptions["counted"];
  onLog: OnLog;
  /** Before anything happens. */
  onLedger(ledger: Stage["ledger"]): void;
}

export function furnish(plan: Plan, { onLog, onLedger, ...looking }: FurnishOptions): Furnished {
  const books = openBooks();
  const ledger = ledgerOf(() => world.timeline.nowMs);
  let isOpen = false;
  const world: World = createWorld({
    ...{ seed: plan.seed, ...looking },
    onWrite: (write) => {
      if (!isOpen) return;
      books.take(write, world.timeline.nowMs);
      ledger.write(write);
    },
  });
  isOpen = true;
  onLedger(ledger);
  for (const name of namesIn(plan)) makeClaim(world, name);
  const cluster = startCluster({
    ...{ world, ledger, nodes: plan.nodes },
    behaviourOf: ({ metadata }, nth) => plan.guests[metadata.name]?.[nth - 1] ?? wellBehaved,
  });
  const { host, replicas } = plan;
  const system = startSystem({ world, cluster, host, replicas, onLog });
  const gateway = startGateway(world);
  const stage: Furnished = {
    ...{ books, world, cluster, system, ledger, gateway },
    happened: new Map(),
    lasting: lastingOf(world),
  };
  return stage;
}

const wellBehaved: GuestBehaviour = { bootMs: 2_000, startFailures: 0, shutdownMs: 2_000, hangsAtShutdown: false };

/** Of VMs and instances. */
const namesIn = ({ actions, guests }: Plan): string[] => [
  ...new Set([...Object.keys(guests), ...actions.flatMap((action) => ("vm" in action ? [action.vm] : []))]),
];

function makeClaim(world: World, vm: string): void {
  const of = persistentVolumeClaims as Resource;
  const claim = claimOf(vm);
  world.api.call({ method: "POST", path: pathOf(of, { namespace }), body: claim }, "administrator");
  const path = pathOf(of, { namespace, name: claim.metadata.name }, "status");
  world.api.call(
    { method: "PATCH", path, contentType: "application/merge-patch+json", body: { status: claim.status } },
    "administrator",
  );
}
