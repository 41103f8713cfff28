// The kubelet of one node. Containers do not notice when it dies; the next one finds them.
import { inform, pods } from "@knvirt/kubernetes";
import { keyedQueue } from "../../../../node-executor/queue.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Runtime } from "../runtime.ts";
import { podCopies } from "./pod-copies.ts";
import { podWorker } from "./pod-worker.ts";
import { type Registration, register } from "./registration.ts";

const watchSeconds = 3600;
/** It looks so often what became of its containers. */
const relistMs = 1_000;

export function startKubelet(process: SimulatedProcess, runtime: Runtime, registration: Registration): void {
  const { client, clock, random } = process;
  const copies = podCopies(process);
  let isSynced = false;
  const work = { process, runtime, copies, hostIP: registration.hostIP, isSynced: () => isSynced };
  const queue = keyedQueue({
    run: podWorker(work),
    onError: (error, uid) => process.note(() => `pod ${uid} is looked after again: ${(error as Error).message}`),
    clock,
  });
  runtime.onChange = (podUid) => void process.reach(random.between(20, relistMs), () => queue.add(podUid));
  void register(process, registration).then(async () => {
    const watch = inform(client, pods, {
      ...{ fieldSelector: `spec.nodeName=${registration.node}`, watchSeconds, clock },
      onChange: (change) => {
        copies.onChange(change);
        queue.add(change.object.metadata.uid ?? "");
      },
    });
    await watch.synced;
    isSynced = true;
    for (const { podUid } of runtime.all()) queue.add(podUid);
  });
}
