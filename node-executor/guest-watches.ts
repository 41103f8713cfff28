// What the executor follows: the launcher pods of its node and their instances. A change of either is looked into.
import {
  launcherPodName,
  launcherSelector,
  type VirtualMachineInstance,
  virtualMachineInstances,
  vmiOfLauncherPod,
} from "@knvirt/api";
import { type Change, type Client, type Clock, inform, keyOf, keyText, type Pod, pods } from "@knvirt/kubernetes";
import type { Connect } from "./launcher-connection.ts";
import type { Lifecycle } from "./lifecycle/index.ts";
import { isRunning } from "./observe.ts";
import type { Queue } from "./queue.ts";
import type { Sessions } from "./sessions.ts";
import type { VmiCopies } from "./vmi-copies.ts";

/** What is known of the guests while this process lives. */
export interface GuestParts {
  open: Sessions;
  copies: VmiCopies;
  lifecycle: Lifecycle;
}

interface Wiring extends GuestParts {
  queue: Queue;
  onError(error: unknown): void;
}

interface Place {
  client: Client;
  node: string;
  connect: Connect;
  clock: Clock;
}

export function guestWatches({ client, node, connect, clock }: Place, wiring: Wiring) {
  const { copies, queue, onError } = wiring;
  const podWatch = inform(client, pods, {
    labelSelector: launcherSelector,
    fieldSelector: `spec.nodeName=${node}`,
    onChange: podChange(connect, wiring),
    onError,
    clock,
  });
  const vmiWatch = inform(client, virtualMachineInstances, {
    fieldSelector: `status.nodeName=${node}`,
    onChange: (change) => {
      copies.onChange(change);
      queue.add(podKeyOf(change.object));
    },
    onError,
    clock,
  });
  return { podWatch, vmiWatch };
}

const podKeyOf = ({ metadata: { namespace, name } }: VirtualMachineInstance): string =>
  keyText({ namespace, name: launcherPodName(name) });

/** A session lives as long as its pod runs; its launcher's news are news of the pod. */
function podChange(connect: Connect, { open, copies, lifecycle, queue }: Wiring) {
  return ({ type, object: pod }: Change<Pod>): void => {
    const podKey = keyText(keyOf(pod));
    const vmi = vmiOfLauncherPod(keyOf(pod));
    const podUid = pod.metadata.uid;
    if (!vmi || !podUid) return;
    if (type === "deleted" || !isRunning(pod)) {
      open.close(podKey);
      copies.forget(vmi);
      lifecycle.forget(podUid);
      return;
    }
    const session = open.get(podKey);
    if (session?.podUid === podUid) session.pod = pod;
    else {
      const launcher = connect(podUid, () => {
        lifecycle.listen(opened);
        queue.add(podKey);
      });
      const opened = { pod, podUid, vmi, launcher };
      open.open(podKey, opened);
    }
    queue.add(podKey);
  };
}
