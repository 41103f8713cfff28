// Takes the cluster away: its programs, mounts, network and files; only the cache stays.
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { signalIfThere } from "@knvirt/tools";
import { printedProgress } from "../../standalone/progress.ts";
import { eventually } from "../support/eventually.ts";
import { lockCluster } from "./lock.ts";
import { type Network, networkOf } from "./network.ts";
import { membersOf, removeControlGroup } from "./node/control-group.ts";
import { clusterPlaces, markerOf, type Places } from "./places.ts";
import { run } from "./run.ts";

export async function down(): Promise<void> {
  const places = clusterPlaces();
  if (places.foreign) throw new Error(`cluster of ${places.kubeconfig} is not ours to take down: unset KUBECONFIG`);
  const network = networkOf(places.state);
  refuseForeign(places);
  await lockCluster(places);
  const { step } = printedProgress();
  await step("end programs", () => endPrograms(network));
  await step("remove network", () => removeNetwork(network));
  await step("remove files", () => removeFiles(places));
}

/** A folder that was given by mistake keeps what is in it. */
function refuseForeign({ state, ...places }: Places): void {
  const isForeign = existsSync(state) && readdirSync(state).length > 0 && !existsSync(markerOf({ state, ...places }));
  if (isForeign)
    throw new Error(`folder ${state} is not a cluster's: found ${readdirSync(state)[0]}, expected network.json`);
}

/** With the first program of a node everything else inside ends, and its mounts go. */
async function endPrograms({ bridge }: Network): Promise<void> {
  await eventually(
    () => {
      const members = membersOf(bridge);
      for (const pid of members) signalIfThere(pid, "SIGKILL");
      return members.length === 0 && removeControlGroup(bridge);
    },
    { seconds: 60, what: `programs of ${bridge} end`, evidence: async () => `left: ${membersOf(bridge).join(" ")}` },
  );
}

async function removeNetwork({ bridge }: Network): Promise<void> {
  const links = () =>
    readdirSync("/sys/class/net").filter((name) => name === bridge || name.startsWith(`${bridge}n`));
  for (const link of links()) if (existsSync(join("/sys/class/net", link))) await run(["ip", "link", "delete", link]);
}

async function removeFiles({ state }: Places): Promise<void> {
  // The kernel takes a moment to let go of what was mounted in a namespace that has just ended.
  await rm(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
