// An API server of its own that knows our kinds, and what who may do everything in it reaches it by.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessFromKubeconfig, type Client, type ClusterAccess, connectClient } from "@knvirt/kubernetes";
import { installKinds } from "../../test/support/install-kinds.ts";
import { startApiServer, writeKubeconfig } from "../apiserver/index.ts";

export interface InstalledServer {
  access: ClusterAccess;
  client: Client;
  /** Its own, removed at the end. */
  dataDir: string;
  /** A file. */
  kubeconfig: string;
  close(): Promise<void>;
}

const [username, token] = ["admin", "secret"];

export async function startInstalledServer(): Promise<InstalledServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-server-"));
  const tokens = [{ username, groups: ["system:masters"], token }];
  const server = await startApiServer({ dataDir, port: 0, tokens });
  const kubeconfig = join(dataDir, "kubeconfig");
  writeKubeconfig(kubeconfig, { ...server, username, token });
  const access = accessFromKubeconfig(kubeconfig);
  const client = connectClient(access);
  await installKinds(client);
  return {
    ...{ access, client, dataDir, kubeconfig },
    close: async () => {
      client.close();
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
