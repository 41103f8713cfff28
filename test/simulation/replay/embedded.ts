// The embedded API server without its controllers: in a recording the simulated cluster removes what has lost its owner,
// and each of these requests is to find what it found there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectClient } from "@knvirt/kubernetes";
import { ensureCertificates } from "../../../standalone/apiserver/access/certificates.ts";
import { builtInResources } from "../../../standalone/apiserver/builtin/index.ts";
import { createCatalog } from "../../../standalone/apiserver/catalog.ts";
import { followDefinitions } from "../../../standalone/apiserver/controllers/custom-resources.ts";
import { ensureNamespaces } from "../../../standalone/apiserver/controllers/namespaces.ts";
import { tokenLookup } from "../../../standalone/apiserver/http/authentication.ts";
import { listen } from "../../../standalone/apiserver/http/server.ts";
import { silentLog } from "../../../standalone/apiserver/log.ts";
import { Store } from "../../../standalone/apiserver/storage/store.ts";
import { WatchHub } from "../../../standalone/apiserver/watch-hub.ts";
import type { EmbeddedServer } from "../../compare/server/embedded.ts";
import { serverAt } from "../../compare/server/server.ts";
import { installKinds } from "../../support/install-kinds.ts";

const [username, token] = ["admin", "secret"];

export async function startEmbeddedWithoutControllers(): Promise<EmbeddedServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-replay-"));
  const { ca, ...tls } = ensureCertificates(join(dataDir, "pki"));
  const store = new Store({ path: join(dataDir, "api.db") });
  const log = silentLog;
  const machinery = { store, catalog: createCatalog(), hub: new WatchHub(store), log, now: () => new Date() };
  const findUser = tokenLookup([{ username, groups: ["system:masters"], token }]);
  for (const resource of builtInResources({ findUser, sockets: {}, podLog: noLog })) machinery.catalog.add(resource);
  followDefinitions(machinery);
  await ensureNamespaces(machinery);
  const closing = new AbortController();
  const routing = { machinery, findUser, sockets: {}, closing: closing.signal };
  const { server: listener, port } = await listen({ routing, log, tls, port: 0 });
  const access = { server: `https://127.0.0.1:${port}`, ca, token: () => token };
  const client = connectClient(access);
  await installKinds(client);
  client.close();
  const server = serverAt("embedded API server", access);
  return {
    ...server,
    stop: async () => {
      server.close();
      closing.abort();
      await new Promise((resolve) => {
        listener.close(resolve);
        listener.closeAllConnections();
      });
      store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function* noLog(): AsyncGenerator<string> {}
