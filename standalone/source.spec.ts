// The source of events for functions that sleep, against an API server and functions on a port: what it tells at once, and
// what it makes sure of later.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { definitionsOf, type Functions, serveFunctions, startFunctions, startSource } from "@knvirt/functions";
import type { Client } from "@knvirt/kubernetes";
import { pino } from "pino";
import { eventually } from "../test/support/eventually.ts";
import { type InstalledServer, startInstalledServer } from "./testing/installed-server.ts";

const log = pino({ level: "fatal" });
const aVm = (name: string): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace: "default", name },
  spec: { runStrategy: "Always", template: { spec: { domain: { memory: { guest: "64Mi" } } } } },
});

let server: InstalledServer;
let source: Awaited<ReturnType<typeof startSource>> | undefined;
let served: Awaited<ReturnType<typeof serve>> | undefined;

beforeEach(async () => {
  server = await startInstalledServer();
  process.env.KUBECONFIG = server.kubeconfig;
});
afterEach(async () => {
  delete process.env.KUBECONFIG;
  source?.close();
  await served?.close();
  await server.close();
});

interface Where {
  host: string;
  port: number;
}

/** Functions on a port; `take` may leave undone what they have answered for. */
async function serve(
  client: Client,
  { where = { port: 0, host: "127.0.0.1" }, take }: { where?: Where; take?: Functions["take"] } = {},
) {
  const functions = await startFunctions({
    definitions: definitionsOf({ launcher: { image: "launcher:1" } }),
    client,
    log,
  });
  const { address, close } = await serveFunctions({ functions: { ...functions, ...(take && { take }) }, where, log });
  return { where: { ...where, port: (address as AddressInfo).port }, close };
}

async function begin({ host, port }: Where) {
  source = await startSource({ SINKS: `lifecycle=http://${host}:${port}`, LOG_LEVEL: "fatal", PORT: "0" });
  await source.synced;
  return source;
}

const instanceOf = (name: string) =>
  eventually(() => server.client.find(virtualMachineInstances, { namespace: "default", name }), {
    what: `${name} has an instance`,
  });

test("a VM that is made is told of, and one that was there before is found", async () => {
  await server.client.create(virtualMachines, aVm("before"));
  served = await serve(server.client);
  await begin(served.where);
  await server.client.create(virtualMachines, aVm("after"));
  await Promise.all([instanceOf("before"), instanceOf("after")]);
});

test("a VM that was made while the functions were away is seen to when they are back", async () => {
  const where = await freePort();
  await begin(where);
  await server.client.create(virtualMachines, aVm("untold"));
  served = await serve(server.client, { where });
  await instanceOf("untold");
});

test("what functions answered for and did not do is done by the sweep that follows", async () => {
  const taken: string[] = [];
  served = await serve(server.client, { take: ({ name = "" }) => void taken.push(name) });
  await server.client.create(virtualMachines, aVm("swept-at-first"));
  await begin(served.where);
  await instanceOf("swept-at-first");
  await server.client.create(virtualMachines, aVm("forgotten"));
  await instanceOf("forgotten");
  expect(taken).toContain("forgotten");
});

test("it says that it is ready when it follows all kinds, and nothing else", async () => {
  served = await serve(server.client);
  const { healthPort } = await begin(served.where);
  const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${healthPort}${path}`)).status;
  expect(await Promise.all(["/healthz", "/readyz", "/sweep"].map(statusOf))).toEqual([200, 200, 404]);
});

/** Of an address that nobody else on this machine connects from or listens on, so that it stays free. */
function freePort(): Promise<Where> {
  const host = "127.70.0.2";
  return new Promise((resolve) => {
    const probe = createServer().listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve({ host, port }));
    });
  });
}
