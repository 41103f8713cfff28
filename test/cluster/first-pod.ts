// The proof that nodes work: on each, a pod runs, with an address of its range and a token of its service account.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import type { ClusterContext } from "./context.ts";
import { nodeFolder, pauseImage } from "./worker/layout.ts";

const nameOn = (node: string): string => `first-pod-${node}`;

const pod = (node: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: nameOn(node), namespace: "default" },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "pause", image: pauseImage, imagePullPolicy: "Never" }],
  },
});

/** Once for each node: a file in its folder says that it has run one. */
export async function proveNodes(context: ClusterContext): Promise<void> {
  const proof = (node: string) => join(nodeFolder(context, node), "has-run-a-pod");
  const unproved = context.nodes.map(({ name }) => name).filter((name) => !existsSync(proof(name)));
  if (unproved.length === 0) return;
  await context.progress.step("a pod runs on each node", () => runFirstPods(context, unproved));
  for (const name of unproved) await writeFile(proof(name), "");
}

async function runFirstPods({ kubectl }: ClusterContext, nodes: string[]): Promise<void> {
  // The controller manager makes it, shortly after it started.
  await eventually(async () => (await kubectl(["get", "serviceaccounts", "-o", "name"])).includes("/default"), {
    seconds: 60,
    what: "service account default exists",
  });
  const names = nodes.map((node) => `pod/${nameOn(node)}`);
  const list = { apiVersion: "v1", kind: "List", items: nodes.map(pod) };
  await kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(list) });
  await kubectl(["wait", "--for=condition=Ready", "--timeout=60s", ...names]);
  await kubectl(["delete", "--now", ...names]);
}
