// The controller as a whole, against an API server: what it makes, and what it tells to whom.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get as getTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import {
  customResourceDefinitionsOfKubevirt,
  launcherPodName,
  type VirtualMachine,
  virtualMachines,
} from "@knvirt/api";
import { startController } from "@knvirt/functions";
import { connectClient, customResourceDefinitions, keyOf, pods } from "@knvirt/kubernetes";
import { startApiServer } from "./apiserver/index.ts";
import { eventually } from "./testing/control-plane-rig.ts";

jest.setTimeout(40_000);

const folder = mkdtempSync(join(tmpdir(), "knvirt-controller-"));
const namespace = "default";
const aVm: VirtualMachine = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name: "web" },
  spec: { runStrategy: "Always", template: { spec: { domain: { memory: { guest: "64Mi" } } } } },
};

const startServer = () =>
  startApiServer({
    dataDir: folder,
    port: 0,
    tokens: [{ username: "admin", groups: ["system:masters"], token: "secret" }],
  });

type Server = Awaited<ReturnType<typeof startServer>>;

function writeKubeconfig(server: Server): string {
  const file = join(folder, "kubeconfig");
  const cluster = { server: server.url, "certificate-authority-data": Buffer.from(server.ca).toString("base64") };
  const config = {
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "here", user: "admin" } }],
    clusters: [{ name: "here", cluster }],
    users: [{ name: "admin", user: { token: "secret" } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe("the controller", () => {
  let server: Server;
  let controller: Awaited<ReturnType<typeof startController>>;
  let client: ReturnType<typeof connectClient>;

  beforeAll(async () => {
    server = await startServer();
    client = connectClient({ server: server.url, ca: server.ca, token: () => "secret" });
    for (const definition of customResourceDefinitionsOfKubevirt()) {
      await client.create(customResourceDefinitions, definition);
      await eventually(
        () => client.find(customResourceDefinitions, keyOf(definition)),
        (object) => JSON.stringify(object?.status ?? {}).includes('"Established"'),
      );
    }
    process.env.KUBECONFIG = writeKubeconfig(server);
    controller = await startController({
      ...{ LAUNCHER_IMAGE: "launcher:1", LOG_LEVEL: "silent" },
      ...{ PORT: "0", METRICS_PORT: "0", SWEEP_SECONDS: "600" },
    });
    await controller.synced;
  });
  afterAll(async () => {
    delete process.env.KUBECONFIG;
    await controller.close();
    client.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it("makes of a VM an instance and a pod", async () => {
    await client.create(virtualMachines, aVm);
    const pod = await eventually(
      () => client.find(pods, { namespace, name: launcherPodName("web") }),
      (found) => found !== undefined,
    );
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
