// The controller as a whole, against an API server: what it makes, and what it tells to whom.
import { get as getPlain } from "node:http";
import { get as getTls } from "node:https";
import { launcherPodName, type VirtualMachine, virtualMachines } from "@knvirt/api";
import { startController } from "@knvirt/functions";
import { pods } from "@knvirt/kubernetes";
import { objectWhen } from "../test/support/object-when.ts";
import { type InstalledServer, startInstalledServer } from "./testing/installed-server.ts";

const namespace = "default";
const aVm: VirtualMachine = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name: "web" },
  spec: { runStrategy: "Always", template: { spec: { domain: { memory: { guest: "64Mi" } } } } },
};

describe("the controller", () => {
  let server: InstalledServer;
  let controller: Awaited<ReturnType<typeof startController>>;

  beforeAll(async () => {
    server = await startInstalledServer();
    process.env.KUBECONFIG = server.kubeconfig;
    controller = await startController({
      ...{ LAUNCHER_IMAGE: "launcher:1", LOG_LEVEL: "silent" },
      ...{ PORT: "0", METRICS_PORT: "0", SWEEP_SECONDS: "600" },
    });
    await controller.synced;
  });
  afterAll(async () => {
    delete process.env.KUBECONFIG;
    await controller.close();
    await server.close();
  });

  it("makes of a VM an instance and a pod", async () => {
    await server.client.create(virtualMachines, aVm);
    const key = { namespace, name: launcherPodName("web") };
    const pod = await objectWhen(server.client, { of: pods, key, is: (found) => found !== undefined });
    expect(pod?.metadata.ownerReferences).toMatchObject([{ kind: "VirtualMachineInstance", name: "web" }]);
  });

  it.each([
    { path: "/healthz", want: 200 },
    { path: "/readyz", want: 200 },
    { path: "/metrics", want: 404 },
    { path: "/sweep", want: 404 },
  ])("tells everybody $path: $want", async ({ path, want }) => {
    expect((await fetched(controller.healthPort, path)).status).toBe(want);
  });

  it.each([
    { who: "nobody", want: 401 },
    { who: "a token that is none", token: "guess", want: 401 },
    { who: "a user who may", token: "secret", want: 200 },
  ])("tells its metrics to $who: $want", async ({ token, want }) => {
    const { status, text } = await fetched(controller.metricsPort, "/metrics", { token, tls: true });
    expect(status).toBe(want);
    expect(text.includes("knvirt_function_reconciles_total")).toBe(want === 200);
  });
});

function fetched(
  port: number,
  path: string,
  { token, tls = false }: { token?: string | undefined; tls?: boolean } = {},
): Promise<{ status: number | undefined; text: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = { port, path, headers, host: "127.0.0.1", agent: false, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    (tls ? getTls : getPlain)(options, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += String(chunk);
      resolve({ status: answer.statusCode, text });
    }).on("error", reject);
  });
}
