// The source of events for functions that sleep, against an API server and functions on a port: what it tells at once, and
// what it makes sure of later.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { jest } from "@jest/globals";
import { type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { definitionsOf, type Functions, serveFunctions, startFunctions, startSource } from "@knvirt/functions";
import type { Client } from "@knvirt/kubernetes";
import { pino } from "pino";
import { eventually } from "../test/support/eventually.ts";
import { type InstalledServer, startInstalledServer } from "./testing/installed-server.ts";

jest.setTimeout(120_000);

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

/** Functions on a port; `take` may leave undone what they have answered for. */
async function serve(client: Client, { port = 0, take }: { port?: number; take?: Functions["take"] } = {}) {
  const functions = await startFunctions({
    definitions: definitionsOf({ launcher: { image: "launcher:1" } }),
    client,
    log,
  });
  const where = { port, host: "127.0.0.1" };
  const { address, close } = await serveFunctions({ functions: { ...functions, ...(take && { take }) }, where, log });
  return { port: (address as AddressInfo).port, close };
}

async function begin(port: number) {
  source = await startSource({ SINKS: `lifecycle=http://127.0.0.1:${port}`, LOG_LEVEL: "fatal", PORT: "0" });
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
  await begin(served.port);
  await server.client.create(virtualMachines, aVm("after"));
  await Promise.all([instanceOf("before"), instanceOf("after")]);
});

test("a VM that was made while the functions were away is seen to when they are back", async () => {
  const port = await freePort();
  await begin(port);
  await server.client.create(virtualMachines, aVm("untold"));
  served = await serve(server.client, { port });
  await instanceOf("untold");
});

test("what functions answered for and did not do is done by the sweep that follows", async () => {
  const taken: string[] = [];
  served = await serve(server.client, { take: ({ name = "" }) => void taken.push(name) });
  await server.client.create(virtualMachines, aVm("swept-at-first"));
  await begin(served.port);
  await instanceOf("swept-at-first");
  await server.client.create(virtualMachines, aVm("forgotten"));
  await instanceOf("forgotten");
  expect(taken).toContain("forgotten");
});

test("it says that it is ready when it follows all kinds, and nothing else", async () => {
  served = await serve(server.client);
  const { healthPort } = await begin(served.port);
  const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${healthPort}${path}`)).status;
  expect(await Promise.all(["/healthz", "/readyz", "/sweep"].map(statusOf))).toEqual([200, 200, 404]);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
