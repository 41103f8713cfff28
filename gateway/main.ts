// The gateway process: subresources for whoever the API server lets through.
import { chmodSync, rmSync } from "node:fs";
import { connectClient, defaultAccess } from "@knvirt/kubernetes";
import pino from "pino";
import { localExecutor } from "./executors.ts";
import { createGateway } from "./server.ts";

const log = pino({ name: "gateway" });
const { LISTEN: socketPath, EXECUTOR_SOCKET: executorSocket } = process.env;
if (!socketPath?.startsWith("/") || !executorSocket?.startsWith("/")) {
  log.fatal("LISTEN and EXECUTOR_SOCKET must be set to paths of unix sockets");
  process.exit(1);
}

const executors = localExecutor(executorSocket);
const server = createGateway({ client: connectClient(defaultAccess(), "knvirt-gateway"), executors, log });
rmSync(socketPath, { force: true });
// The identity headers are believed, so only root may connect: no moment exists in which others could.
process.umask(0o177);
server.listen(socketPath, () => {
  chmodSync(socketPath, 0o600);
  log.info({ socket: socketPath }, "gateway serves");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
