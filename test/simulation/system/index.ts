// Our own processes in the simulated world: the real functions with the runtime around them, the real source of their
// events or the real controller, and the real executor of each node, started again when they die.
import { definitionsOf } from "../../../functions/definitions.ts";
import { groupsOf } from "../../../functions/groups.ts";
import { startControlLoop } from "../../../functions/runtime/control-loop.ts";
import { startFeed } from "../../../functions/runtime/source/feed.ts";
import type { Cluster } from "../cluster/index.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import { type Delivery, undisturbed } from "./call.ts";
import { runExecutors } from "./executors.ts";
import { functionsService } from "./functions-service.ts";
import { logOf, type OnLog } from "./log.ts";
import { type Supervised, supervised } from "./supervised.ts";

export type { OnLog } from "./log.ts";

export type Host = "knative" | "controller";
export type Role = "functions" | "source" | "controller" | "executor";

export interface System {
  readonly host: Host;
  /** Those that live. */
  processesOf(role: Role): readonly SimulatedProcess[];
  /** Between source and functions. */
  readonly events: Delivery;
  /** What has died of this role, or of all, runs again. Pods of functions are started by whoever asks them for something. */
  restart(role?: Role): void;
  /** Events are delivered, and all runs again. */
  heal(): void;
}

export interface SystemOptions {
  world: World;
  cluster: Cluster;
  host: Host;
  /** Of the functions, or of the controller. */
  replicas: number;
  onLog: OnLog;
}

/** As the `controller` overlay has it. */
const sweepSeconds = 60;

export const definitions = definitionsOf({ launcher: { image: "launcher:1" } });

export function startSystem(options: SystemOptions): System {
  const { cluster, host, onLog } = options;
  const executor = runExecutors(cluster.nodes, onLog);
  const { events, functions, ...control } = host === "knative" ? onKnative(options) : asController(options);
  const places: Partial<Record<Role, readonly Supervised[]>> = { executor, ...control };
  const restart = (role?: Role): void => {
    const chosen = role === undefined ? Object.values(places).flat() : (places[role] ?? []);
    for (const place of chosen) place.ensure();
  };
  return {
    host,
    events,
    processesOf: (role) => (role === "functions" ? functions() : living(places[role] ?? [])),
    restart,
    heal: () => {
      Object.assign(events, undisturbed);
      restart();
    },
  };
}

const living = (places: readonly Supervised[]): SimulatedProcess[] =>
  places.map(({ current }) => current).filter((current) => current !== undefined);

interface Control {
  events: Delivery;
  /** Pods that live. */
  functions(): SimulatedProcess[];
  source?: readonly Supervised[];
  controller?: readonly Supervised[];
}

function onKnative({ world, replicas, onLog }: SystemOptions): Control {
  const events: Delivery = { ...undisturbed };
  const groups = groupsOf(definitions);
  const services = groups.map((group) => ({
    name: group.name,
    service: functionsService({ ...{ world, replicas, onLog, delivery: events }, definitions: group.definitions }),
  }));
  const lineTo = (caller: SimulatedProcess, wanted: string) => {
    const found = services.find(({ name }) => name === wanted);
    if (!found) throw new Error(`group ${wanted} has no Service`);
    return found.service.lineOf(caller);
  };
  const source = supervised({
    ...{ on: world, name: "source", user: "knvirt-source" },
    start: (process) => {
      let sent = 0;
      startFeed({
        ...{ client: process.client, clock: process.clock, groups, log: logOf(process, onLog) },
        lineTo: ({ name }) => lineTo(process, name),
        newId: () => {
          sent += 1;
          return `event-${sent}`;
        },
      });
    },
  });
  return {
    events,
    source: [source],
    functions: () => services.flatMap(({ service }) => service.pods.map(({ process }) => process)),
  };
}

function asController({ world, replicas, onLog }: SystemOptions): Control {
  const controller = Array.from({ length: replicas }, (_, index) =>
    supervised({
      ...{ on: world, name: `controller-${index + 1}`, user: "knvirt-functions" },
      start: (process) => {
        const { client, clock } = process;
        startControlLoop({ ...{ definitions, client, clock, sweepSeconds }, log: logOf(process, onLog) });
      },
    }),
  );
  return { events: { ...undisturbed }, functions: () => [], controller };
}
