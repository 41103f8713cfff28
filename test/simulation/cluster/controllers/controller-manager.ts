// kube-controller-manager: its controllers share one process and what it follows.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import {
  type Informer,
  inform,
  type KubernetesObject,
  type Node,
  nodes,
  type Pod,
  persistentVolumeClaims,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Controller, Heartbeats } from "./controller.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { nodeLifecycle } from "./node-lifecycle.ts";
import { podGc } from "./pod-gc.ts";
import { taintEviction } from "./taint-eviction.ts";

const watchSeconds = 3600;

export const startControllerManager =
  (heartbeatsFor: (process: SimulatedProcess) => Heartbeats) =>
  (process: SimulatedProcess): void => {
    const { client, clock } = process;
    const controllers: Controller[] = [];
    const follow = <T extends KubernetesObject>(of: Resource<T>): Informer<T> =>
      inform<T>(client, of, {
        ...{ watchSeconds, clock },
        onChange: (change) => {
          for (const controller of controllers) controller.onChange?.(of, change);
        },
      });
    const owners = [virtualMachines, virtualMachineInstances, persistentVolumeClaims].map((of) =>
      follow<KubernetesObject>(of),
    );
    const followed = { pods: follow<Pod>(pods), nodes: follow<Node>(nodes) };
    controllers.push(
      garbageCollector(process, [virtualMachines, virtualMachineInstances, persistentVolumeClaims, pods]),
      nodeLifecycle(process, followed, heartbeatsFor(process)),
      taintEviction(process, followed),
      podGc(process, followed),
    );
    const all = [...owners, followed.pods, followed.nodes].map(({ synced }) => synced);
    void Promise.all(all).then(() => {
      for (const { synced } of controllers) synced();
    });
  };
