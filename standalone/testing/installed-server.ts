// An API server of its own that knows our kinds, and the kubeconfig of who may do everything in it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, connectClient } from "@knvirt/kubernetes";
import { installKinds } from "../../test/support/install-kinds.ts";
import { startApiServer } from "../apiserver/index.ts";

export interface InstalledServer {
  client: Client;
  /** A file. */
  kubeconfig: string;
  close(): Promise<void>;
}

const token = "secret";

export async function startInstalledServer(): Promise<InstalledServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-server-"));
  const server = await startApiServer({
    dataDir,
    port: 0,
    tokens: [{ username: "admin", groups: ["system:masters"], token }],
  });
  const client = connectClient({ server: server.url, ca: server.ca, token: () => token });
  await installKinds(client);
  const kubeconfig = join(dataDir, "kubeconfig");
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(server)));
  return {
    client,
    kubeconfig,
    close: async () => {
      client.close();
      await server.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function kubeconfigOf(server: { url: string; ca: string }): object {
  const cluster = { server: server.url, "certificate-authority-data": Buffer.from(server.ca).toString("base64") };
  return {
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "here", user: "admin" } }],
    clusters: [{ name: "here", cluster }],
    users: [{ name: "admin", user: { token } }],
  };
}
