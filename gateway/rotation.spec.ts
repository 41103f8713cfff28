// Certificates that live for seconds: two gateways start at once and are called all the time, as an API server would
// call them, while certificates and their authorities are replaced under them. No call fails.
import { Agent } from "node:https";
import { secrets } from "@knvirt/kubernetes";
import pino from "pino";
import { startApiServer } from "../standalone/apiserver/index.ts";
import { eventually } from "../test/support/eventually.ts";
import { type ClusterGateway, serveCluster } from "./cluster.ts";
import { localExecutor } from "./executors.ts";
import { certificatesIn } from "./front-proxy.ts";
import { parseOptions } from "./options.ts";
import {
  type AggregatedCluster,
  apiServices,
  callGateway,
  startAggregatedCluster,
} from "./testing/aggregated-cluster.ts";

const path = "/apis/subresources.kubevirt.io/v1";
const place = { namespace: "kubevirt", name: "knvirt-gateway-tls" };
const asAnn = { "x-remote-user": "ann" };
const executors = localExecutor("/nowhere");
const overlapMs = 1_500;

let cluster: AggregatedCluster;
let gateways: ClusterGateway[];

beforeEach(async () => {
  cluster = await startAggregatedCluster(startApiServer);
});
afterEach(async () => {
  for (const gateway of gateways) gateway.close();
  await cluster.close();
});
afterAll(() => executors.close());

async function startTwo(lifetimes: string[]): Promise<void> {
  const options = parseOptions({ args: lifetimes, env: { LISTEN: "8443" } });
  if (options.host !== "cluster") throw new Error("a port is of a cluster");
  const parts = { client: cluster.client, executors, overlapMs, log: pino({ enabled: false }) };
  const start = () => serveCluster({ ...parts, options: { ...options, port: 0 } });
  gateways = await Promise.all([start(), start()]);
}

interface Seen {
  calls: number;
  failures: string[];
  authorities: Set<string>;
  certificates: Set<string>;
}

/** Calls both by turns until stopped. */
function callAllTheTime(): { seen: Seen; stop(): Promise<void> } {
  const seen: Seen = { calls: 0, failures: [], authorities: new Set(), certificates: new Set() };
  const callers = gateways.map(({ port }) => ({ port, kept: new Agent({ keepAlive: true, maxSockets: 1 }) }));
  let isStopped = false;
  const calling = (async () => {
    while (!isStopped) for (const caller of callers) await callOnce(caller, seen);
  })();
  return {
    seen,
    stop: async () => {
      isStopped = true;
      await calling;
      for (const { kept } of callers) kept.destroy();
    },
  };
}

/** Over a new connection, and over one that is kept. */
async function callOnce({ port, kept }: { port: number; kept: Agent }, seen: Seen): Promise<void> {
  const readAt = performance.now();
  const ca = await cluster.caBundle();
  seen.authorities.add(certificatesIn(ca)[0] ?? "");
  const onPeer = (fingerprint: string) => seen.certificates.add(fingerprint);
  const call = { port, path, ca, as: cluster.frontProxy, headers: asAnn, onPeer };
  for (const one of [call, { ...call, agent: kept }]) {
    seen.calls += 1;
    const failure = await callGateway(one).then(({ code }) => (code === 200 ? "" : `code ${code}`), String);
    // An API server learns of a new authority within the overlap: one that took longer to call proves nothing.
    if (failure && performance.now() - readAt < overlapMs) seen.failures.push(failure);
  }
}

test("no call fails while authorities are replaced every six seconds", async () => {
  await startTwo(["--ca-seconds=9", "--certificate-seconds=9"]);
  const { seen, stop } = callAllTheTime();
  await eventually(() => seen.authorities.size >= 4 && seen.certificates.size >= 4, { what: "four authorities" });
  await stop();
  expect(seen.failures).toEqual([]);
  expect(seen.calls).toBeGreaterThan(20);
});

test("a Secret that is deleted forces a new authority, and a caBundle that is lost is written again", async () => {
  await startTwo([]);
  const { seen, stop } = callAllTheTime();
  await cluster.client.delete(secrets, place);
  await eventually(() => seen.certificates.size >= 2, { what: "another certificate is served" });
  const found = await cluster.client.find(secrets, place);
  const trusted = Buffer.from(found?.data?.["ca.crt"] ?? "", "base64").toString();
  expect(certificatesIn(trusted)).toHaveLength(2);
  await stop();
  expect(seen.failures).toEqual([]);
  await cluster.client.mergePatch(
    apiServices,
    { name: "v1alpha3.subresources.kubevirt.io" },
    { patch: { spec: { caBundle: null } } },
  );
  await eventually(async () => (await cluster.caBundle("v1alpha3")) === trusted, { what: "it is there again" });
});

test("two that start at once share one Secret", async () => {
  await startTwo([]);
  const found = await cluster.client.find(secrets, place);
  expect(found).toMatchObject({
    type: "kubernetes.io/tls",
    metadata: { labels: { "app.kubernetes.io/part-of": "knvirt" } },
  });
  const ca = await cluster.caBundle();
  expect(Buffer.from(found?.data?.["ca.crt"] ?? "", "base64").toString()).toBe(ca);
  const served = new Set<string>();
  for (const { port } of gateways)
    await callGateway({ port, path: "/healthz", ca, onPeer: (fingerprint) => served.add(fingerprint) });
  expect(served.size).toBe(1);
});
