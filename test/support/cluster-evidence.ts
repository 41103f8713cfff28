// What a cluster says when a spec fails on it: objects, events, and the ends of the logs of pods.
import { type Client, type Pod, pathOf, pods } from "@knvirt/kubernetes";
import { installNamespace, testNamespace } from "./cluster-names.ts";
import { objectsText } from "./evidence.ts";

const logLines = 40;
/** Of the newest pods of a namespace. */
const logsOf = 12;

export async function clusterEvidence(client: Client): Promise<string> {
  const parts = [testNamespace, installNamespace].flatMap((namespace) => [
    objectsText(client, { namespace }),
    logsIn(client, namespace).catch((error: Error) => error.message),
  ]);
  return (await Promise.all(parts)).join("\n");
}

async function logsIn(client: Client, namespace: string): Promise<string> {
  const { items } = await client.list(pods, { namespace });
  const age = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp ?? "");
  const newest = items.toSorted((one, other) => age(other) - age(one)).slice(0, logsOf);
  const logs = newest.flatMap((pod) => pod.spec.containers.map((container) => logOf(client, pod, container.name)));
  return (await Promise.all(logs)).join("\n");
}

async function logOf(client: Client, { metadata }: Pod, container: string): Promise<string> {
  const title = `--- log of ${metadata.namespace}/${metadata.name} ${container}`;
  try {
    const answer = await client.transport.open({
      method: "GET",
      path: pathOf(pods, { namespace: metadata.namespace ?? "", name: metadata.name }, "log"),
      query: { container, tailLines: logLines },
      timeoutMs: 10_000,
    });
    return `${title}\n${(await answer.toArray()).join("")}`;
  } catch (error) {
    return `${title}\n${(error as Error).message}`;
  }
}
