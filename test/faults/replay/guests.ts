// How the guests of a plan behave: one that cannot be started is ended again and again, one that hangs stops listening.
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, launcherPodName } from "@knvirt/api";
import { signalIfThere } from "@knvirt/tools";
import type { PlannedGuest } from "../../simulation/plan/plan.ts";
import { askGuest } from "../../support/console.ts";
import { qemusIn } from "../../support/processes.ts";
import type { Scene } from "./scene.ts";

/** Of the guest that was started last, if the plan says something of it. */
function plannedOf({ plan, written }: Scene, vm: string): { uid: string; planned: PlannedGuest | undefined } {
  const uids = written.podsOf(launcherPodName(vm));
  return { uid: uids.at(-1) ?? "", planned: plan.guests[vm]?.[uids.length - 1] };
}

const lookEveryMs = 200;

/** Until the plan is over. */
export async function endRefused(scene: Scene): Promise<void> {
  const { plan, over, note } = scene;
  const refused = Object.keys(plan.guests).filter((vm) => plan.guests[vm]?.some(({ isRefused }) => isRefused));
  const look = (vm: string): void => {
    const { uid, planned } = plannedOf(scene, vm);
    if (!planned?.isRefused) return;
    for (const pid of qemusIn(`pod${uid}`)) {
      note(`guest of ${vm} is ended: it cannot be started`);
      signalIfThere(pid, "SIGKILL");
    }
  };
  while (!over.aborted && refused.length > 0) {
    refused.forEach(look);
    await sleep(lookEveryMs);
  }
}

/** Nothing in it listens any more to what would switch it off. */
export async function deafen(scene: Scene): Promise<void> {
  for (const { metadata } of scene.written.instances().filter(isRunning)) {
    if (!plannedOf(scene, metadata.name).planned?.hangsAtShutdown) continue;
    await askGuest(scene.host, metadata.name, "kill -STOP $(pidof acpid)");
    scene.note(`guest of ${metadata.name} hangs from now on`);
  }
}
