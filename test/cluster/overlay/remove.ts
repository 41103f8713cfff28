// `kubectl delete -k` of an overlay, after the specs' own objects, and the proof that nothing is left of either.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type Client, namespaces } from "@knvirt/kubernetes";
import { testLabel, testNamespace } from "../../support/cluster-names.ts";
import { eventually } from "../../support/eventually.ts";
import type { Cluster } from "../index.ts";
import { renamed } from "./install.ts";

/** A namespace looks again after half of the longest grace of its pods, which Knative sets to the Service's 300 s. */
const patience = "--timeout=240s";

export async function remove(cluster: Cluster, client: Client, overlay: string): Promise<void> {
  await removeVms(cluster);
  await removeTestObjects(cluster, client);
  await cluster.kubectl(["delete", "-k", await renamed(cluster, overlay), "--ignore-not-found", patience]);
  await eventually(async () => (await leftovers(cluster))?.length === 0, {
    seconds: 60,
    what: `nothing is left of overlay ${overlay}`,
    evidence: async () => (await leftovers(cluster))?.join("\n") ?? "kinds that are just going",
  });
}

/** While there are functions to end them. On a cluster of others only what the specs made there. */
async function removeVms({ kubectl, foreign }: Cluster): Promise<void> {
  const known = await kubectl(["api-resources", "--no-headers", "-o", "name", "--api-group=kubevirt.io"]);
  const where = foreign ? ["-n", testNamespace] : ["-A"];
  for (const { plural } of [virtualMachines, virtualMachineInstances])
    if (known.includes(`${plural}.`))
      await kubectl(["delete", plural, ...where, "--all", "--ignore-not-found", patience]);
}

async function removeTestObjects({ kubectl }: Cluster, client: Client): Promise<void> {
  const selector = Object.entries(testLabel).map(([key, value]) => `${key}=${value}`);
  await kubectl(["delete", "clusterroles,clusterrolebindings", "-l", selector.join(","), "--ignore-not-found"]);
  if (await client.find(namespaces, { name: testNamespace }))
    await kubectl(["delete", "namespace", testNamespace, patience]);
}

/** What names other objects, and is gone by itself in time. */
const passing = ["events", "events.events.k8s.io"];

/** In kubectl's words, whether it has asked for the kind itself yet or for its objects. */
const goneKind = /the server doesn't have a resource type|the server could not find the requested resource/;

/** Every object, of whatever kind, whose name or namespace is ours. Undefined when a kind went while it was asked for. */
export async function leftovers({ kubectl }: Cluster): Promise<string[] | undefined> {
  const kinds = (await kubectl(["api-resources", "--verbs=list", "-o", "name"])).trim().split("\n");
  const listed = kinds.filter((kind) => !passing.includes(kind)).join(",");
  const columns = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
  const objects = await kubectl(["get", listed, "-A", "--no-headers", "--ignore-not-found", "-o", columns]).catch(
    (error: unknown) => {
      if (goneKind.test(String(error))) return undefined;
      throw error;
    },
  );
  return objects?.split("\n").filter((line) => /knvirt|kubevirt/.test(line));
}
