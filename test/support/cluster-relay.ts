// A pod in the test namespace through which specs reach what only pods reach; asked by the API server's proxy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, isAlreadyExists, type Pod, pathOf, pods } from "@knvirt/kubernetes";
import { clusterImage, testNamespace } from "./cluster-names.ts";
import { eventually } from "./eventually.ts";
import type { Get, Reply } from "./relay.ts";

export interface ClusterRelay {
  /** Throws when nobody answers. */
  get(what: Get): Promise<Reply>;
  /** Its own web server, for guests and pods. */
  url(): Promise<string>;
}

const port = 8080;
const name = "relay";

/** Started at the first use, and gone with the namespace. */
export function clusterRelay(client: Client, relayName = name): ClusterRelay {
  const path = `${pathOf(pods, { namespace: testNamespace, name: `${relayName}:${port}` }, "proxy")}/`;
  let started: Promise<Pod> | undefined;
  const start = () => {
    started ??= ensure(client, relayName, path);
    return started;
  };
  return {
    get: async (what) => {
      await start();
      const answer = await client.transport.call<Reply & { error?: string }>({ method: "POST", path, body: what });
      if (answer.error) throw new Error(`${what.url}: ${answer.error}`);
      return answer;
    },
    url: async () => `http://${(await start()).status?.podIP}:${port}/`,
  };
}

async function ensure(client: Client, relayName: string, path: string): Promise<Pod> {
  try {
    await client.create(pods, relayPod(relayName));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const key = { namespace: testNamespace, name: relayName };
  const evidence = async () => JSON.stringify((await client.find(pods, key))?.status);
  const ready = async () => {
    const pod = await client.find(pods, key);
    return pod?.status?.phase === "Running" && pod;
  };
  const pod = await eventually(ready, { seconds: 60, what: `pod ${relayName} runs`, evidence });
  const answers = () =>
    client.transport.open({ method: "GET", path }).then(
      (answer) => answer.resume() !== undefined,
      () => false,
    );
  await eventually(answers, { seconds: 60, what: `pod ${relayName} answers`, evidence });
  return pod;
}

const program = `${readFileSync(join(import.meta.dirname, "relay.ts"), "utf8")}\nserveRelay(${port});`;

/** Any image with a Node that strips types will do. */
const relayPod = (relayName: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: relayName, namespace: testNamespace, labels: { app: relayName } },
  spec: {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    securityContext: { runAsUser: 1000, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "relay",
        image: clusterImage("functions"),
        imagePullPolicy: "IfNotPresent",
        command: ["/opt/knvirt/node", "--no-warnings", "--input-type=module-typescript", "-e", program],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});
