// The gateway process: subresources for whoever the API server lets through, on this machine or in a cluster.
import { chmodSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type Client, connectClient, defaultAccess } from "@knvirt/kubernetes";
import pino from "pino";
import { serveCluster } from "./cluster.ts";
import { localExecutor } from "./executors.ts";
import { callerOf, usualHeaders } from "./front-proxy.ts";
import { nodeExecutors } from "./node-executors.ts";
import { type ClusterOptions, parseOptions, type StandaloneOptions } from "./options.ts";
import { serveGateway } from "./server.ts";

const log = pino({ name: "gateway" });
const access = await defaultAccess();
const options = parseOptions({ args: process.argv.slice(2), env: process.env, namespace: access.namespace });
const client = connectClient(access, "knvirt-gateway");
if (options.host === "standalone") serveStandalone(client, options);
else await serveInCluster(client, options);

function serveStandalone(of: Client, { socket, executorSocket }: StandaloneOptions): void {
  const server = createServer();
  // Only the API server can reach this process, so what the headers say is true.
  const believed = ({ headersDistinct }: { headersDistinct: NodeJS.Dict<string[]> }) =>
    callerOf(headersDistinct, usualHeaders);
  serveGateway({ client: of, executors: localExecutor(executorSocket), log, callerOf: believed }, server);
  rmSync(socket, { force: true });
  // Only root may connect: no moment exists in which others could.
  process.umask(0o177);
  server.listen(socket, () => {
    chmodSync(socket, 0o600);
    log.info({ socket }, "gateway serves");
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
}

async function serveInCluster(of: Client, given: ClusterOptions): Promise<void> {
  const { namespace, executorSelector: selector, executorPort: port, executorTokenFile: tokenFile } = given;
  const executors = nodeExecutors({ client: of, namespace, selector, port, tokenFile });
  const early = (): never => process.exit(0);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, early);
  const gateway = await serveCluster({ client: of, executors, options: given, log });
  log.info({ port: gateway.port }, "gateway serves");
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.off(signal, early).once(signal, () => {
      log.info({ signal }, "ending; open consoles go on for a while");
      void gateway.drain().then(() => process.exit(0));
    });
}
