// What runs, on one screen.
import { existsSync } from "node:fs";
import { printedProgress } from "../../standalone/progress.ts";
import { table } from "../../standalone/vm-report.ts";
import type { ClusterContext } from "./context.ts";
import type { ClusterNode } from "./node/node.ts";
import { runningNodes } from "./nodes.ts";
import { clusterContext } from "./open.ts";
import { clusterPlaces, type Places } from "./places.ts";
import { run } from "./run.ts";

export async function status(): Promise<void> {
  const places = clusterPlaces();
  const nodes = places.foreign ? [] : runningNodes(places).map(({ node }) => node);
  const context = clusterContext(places, nodes, printedProgress());
  if (places.foreign) console.log(`cluster of ${places.kubeconfig} (KUBECONFIG is set)`);
  else if (nodes.length === 0) console.log("cluster does not run: npm run cluster -- up starts it");
  if (places.foreign || nodes.length > 0) console.log(await answerOf(context, ["get", "nodes", "-o", "wide"]));
  for (const node of nodes) console.log(await programsOf(node));
  if (places.foreign || nodes.length > 0) console.log(`knative: ${await knative(context)}`);
  if (nodes.length > 0) console.log(`network policies: ${unenforced}`);
  console.log(await sizes(places));
}

const unenforced = "accepted, not enforced: the nodes' network plugins know none";

const answerOf = ({ kubectl }: ClusterContext, args: string[]): Promise<string> =>
  kubectl(args).catch((error: Error) => `${error.message}\n`);

async function programsOf(node: ClusterNode): Promise<string> {
  const rows = (await node.programs()).map(({ program, pid, seconds, restarts }) => [
    `  ${program}`,
    pid === undefined ? "stopped" : String(pid),
    pid === undefined ? "" : age(seconds),
    restarts === 0 ? "" : `started again ${restarts} times`,
  ]);
  return table([[`${node.name} ${node.address}`, "PID", "AGE", ""], ...rows]);
}

const age = (seconds: number): string =>
  seconds < 120 ? `${seconds}s` : seconds < 7200 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;

async function knative(context: ClusterContext): Promise<string> {
  const listing = await answerOf(context, [
    "get",
    "deployments",
    "-A",
    "-l",
    "app.kubernetes.io/version",
    "--no-headers",
  ]);
  const own = listing.split("\n").filter((line) => /^(knative-|kourier-)/.test(line));
  if (own.length === 0) return "not installed";
  const ready = own.filter((line) => /\s(\d+)\/\1\s/.test(line));
  return `${ready.length} of ${own.length} deployments ready`;
}

/** Of the cache alone: the cluster's own folder changes while it is measured. */
async function sizes({ cache }: Places): Promise<string> {
  if (!existsSync(cache)) return "cache: empty";
  const listing = await run(["du", "--human-readable", "--max-depth=1", cache]);
  return `cache:\n${listing.trimEnd().replace(/^/gm, "  ")}`;
}
