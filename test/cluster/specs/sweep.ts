// How often what nobody was told of is looked for: on Knative every five minutes, which is longer than a spec waits.
import { installNamespace } from "../../support/cluster-names.ts";
import type { Cluster } from "../index.ts";

/** Until the overlay is applied again. Elsewhere functions sweep each minute anyway. */
export async function sweepEachMinute({ kubectl }: Cluster, overlay: string): Promise<void> {
  if (!overlay.startsWith("knative")) return;
  const patch = JSON.stringify({ spec: { schedule: "* * * * *" } });
  await kubectl(["-n", installNamespace, "patch", "pingsource/knvirt-lifecycle-sweep", "--type=merge", "-p", patch]);
}
