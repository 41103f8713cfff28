// Starts Kubernetes on nodes that are there: programs in the order that they need each other, until all are ready.
import { eventually } from "../support/eventually.ts";
import type { Binaries } from "./builds.ts";
import { writeControlPlane, writeWorker } from "./configuration.ts";
import type { ClusterContext } from "./context.ts";
import { dnsRights } from "./control-plane/dns.ts";
import { controlPlanePrograms } from "./control-plane/programs.ts";
import { type NodePlan, networkOf } from "./network.ts";
import type { PlacedNode } from "./nodes.ts";
import { pauseArchive } from "./worker/images.ts";
import { cgroupOf, containerdSocket } from "./worker/layout.ts";
import { workerPrograms } from "./worker/programs.ts";

export async function startKubernetes(
  context: ClusterContext,
  placed: PlacedNode[],
  binaries: Binaries,
): Promise<void> {
  const [first] = placed;
  if (!first) throw new Error("Kubernetes cannot start: the cluster has no node");
  const { step } = context.progress;
  await step("control plane", () => startControlPlane(context, first, binaries));
  // Made once: nodes that each made it would be in one another's way.
  const pause = await pauseArchive(context, binaries.pause);
  await step("kubelets", () =>
    Promise.all(placed.map((node) => startWorker(context, node, { binaries, first: first.plan, pause }))),
  );
  await step("nodes are ready", () => nodesReady(context));
}

async function startControlPlane(context: ClusterContext, first: PlacedNode, binaries: Binaries): Promise<void> {
  await writeControlPlane(context, first.plan);
  const { servers, clients } = controlPlanePrograms({ ...context, ...binaries, node: first.plan });
  for (const program of servers) await first.node.keep(program);
  await eventually(() => succeeds(context.kubectl(["get", "--raw", "/readyz"])), {
    seconds: 60,
    what: "API server is ready",
    evidence: () => failureOf(context.kubectl(["get", "--raw", "/readyz?verbose"])),
  });
  for (const program of clients) await first.node.keep(program);
  const list = { apiVersion: "v1", kind: "List", items: dnsRights };
  await context.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(list) });
}

async function startWorker(
  context: ClusterContext,
  { plan, node }: PlacedNode,
  { binaries, first, pause }: { binaries: Binaries; first: NodePlan; pause: string },
): Promise<void> {
  await writeWorker(context, { node: plan, first, cgroupRoot: cgroupOf(networkOf(context.state).bridge, plan.name) });
  const [containerd, ...others] = workerPrograms({ ...context, ...binaries, node: plan });
  if (containerd) await node.keep(containerd);
  const ctr = [`${binaries.containerd}/ctr`, "--address", containerdSocket, "version"];
  await eventually(() => succeeds(node.run(ctr)), { seconds: 60, what: `containerd of ${plan.name} answers` });
  await context.importImages(pause, [node]);
  for (const program of others) await node.keep(program);
}

/** A node that was there before it crashed is called ready still: its kubelet must answer as well. */
async function nodesReady({ kubectl, nodes }: ClusterContext): Promise<void> {
  for (const { name } of nodes)
    await eventually(() => succeeds(kubectl(["get", "--raw", `/api/v1/nodes/${name}/proxy/healthz`])), {
      seconds: 60,
      what: `kubelet of ${name} answers`,
    });
  await kubectl(["wait", "--for=condition=Ready", "--timeout=60s", ...nodes.map(({ name }) => `node/${name}`)]);
}

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

const failureOf = (attempt: Promise<string>): Promise<string> => attempt.catch((error: Error) => error.message);
