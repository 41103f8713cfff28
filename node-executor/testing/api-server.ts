// A Kubernetes API server for tests, as a process of its own, with KubeVirt's kinds in it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { accessFromKubeconfig, type Client, connectClient } from "@knvirt/kubernetes";
import { installKinds } from "../../test/support/install-kinds.ts";

export interface TestCluster {
  kubeconfig: string;
  /** May do everything. */
  token: string;
  client: Client;
  connect(): Client;
  close(): Promise<void>;
}

const entry = join(import.meta.dirname, "../../standalone/apiserver/main.ts");

export async function startTestCluster(): Promise<TestCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-executor-test-"));
  const server = spawn(process.execPath, [entry, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
    env: quietNode(),
  });
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const { kubeconfig } = JSON.parse(line) as { kubeconfig: string };
  const access = accessFromKubeconfig(kubeconfig);
  const client = connectClient(access, "test");
  await installKinds(client);
  return {
    kubeconfig,
    token: access.token?.() ?? "",
    client,
    connect: () => connectClient(access, "test"),
    close: async () => {
      client.close();
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Options of the test runner are not for its children. */
const quietNode = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: "--no-warnings" });
