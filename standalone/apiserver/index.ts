// The embedded Kubernetes API server: what the rest of the host starts and stops.
import { join } from "node:path";
import { ensureCertificates } from "./access/certificates.ts";
import { builtInResources } from "./builtin/index.ts";
import type { PodLog } from "./builtin/pods/endpoints.ts";
import { createCatalog } from "./catalog.ts";
import { followDefinitions } from "./controllers/custom-resources.ts";
import { startControllers } from "./controllers/index.ts";
import { ensureNamespaces } from "./controllers/namespaces.ts";
import type { ServiceSockets } from "./http/api-services.ts";
import { type TokenUser, tokenLookup } from "./http/authentication.ts";
import { listen } from "./http/server.ts";
import { type Log, silentLog } from "./log.ts";
import type { Machinery } from "./machinery.ts";
import { Store } from "./storage/store.ts";
import { WatchHub } from "./watch-hub.ts";

export { writeKubeconfig } from "./access/kubeconfig.ts";
export { ensureTokens, writeSecret } from "./access/tokens.ts";
export type { PodLog } from "./builtin/pods/endpoints.ts";
export type { TokenUser, User } from "./http/authentication.ts";

export interface ApiServerOptions {
  /** Holds the database and the certificates; nobody else may use it meanwhile. */
  dataDir: string;
  /** 0 takes a free one. */
  port: number;
  tokens: readonly TokenUser[];
  /** Where aggregated API groups are served. */
  serviceSockets?: ServiceSockets;
  podLog?: PodLog;
  log?: Log;
  /** How many changes back a watch may resume. */
  history?: number;
}

export interface ApiServer {
  url: string;
  port: number;
  caPath: string;
  /** PEM. */
  ca: string;
  close(): Promise<void>;
}

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { dataDir, port, tokens, serviceSockets = {}, podLog = noLog, log = silentLog, history } = options;
  const { caPath, ca, cert, key } = ensureCertificates(join(dataDir, "pki"));
  const store = new Store({ path: join(dataDir, "api.db"), ...(history !== undefined && { history }) });
  const machinery: Machinery = {
    store,
    catalog: createCatalog(),
    hub: new WatchHub(store),
    log,
    now: () => new Date(),
  };
  const findUser = tokenLookup(tokens);
  for (const resource of builtInResources({ findUser, sockets: serviceSockets, podLog }))
    machinery.catalog.add(resource);
  followDefinitions(machinery);
  await ensureNamespaces(machinery);
  const controllers = startControllers(machinery);
  const closing = new AbortController();
  const routing = { machinery, findUser, sockets: serviceSockets, closing: closing.signal };
  const { server, port: bound } = await listen({ routing, log, tls: { cert, key }, port });
  log.info({ port: bound }, "API server listens");
  return {
    url: `https://127.0.0.1:${bound}`,
    ...{ port: bound, caPath, ca },
    close: async () => {
      closing.abort();
      await controllers.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      store.close();
    },
  };
}

/** Without a pod runner there is no output. */
async function* noLog(): AsyncGenerator<string> {}
