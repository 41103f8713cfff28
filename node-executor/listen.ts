// Where the gateway reaches this executor: a unix socket that only root can open, or a TLS port that demands a token.
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Server, ServerCredentials, type ServerInterceptor } from "@grpc/grpc-js";
import type { KeyPair, ShownIdentity } from "@knvirt/certificates";
import { type ExecutorServer, ExecutorService } from "@knvirt/proto";

export interface ExecutorListener {
  close(): void;
}

/** Takes the place of a socket that a killed predecessor left. */
export async function listenOnSocket(path: string, service: ExecutorServer): Promise<ExecutorListener> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  const server = new Server();
  server.addService(ExecutorService, service);
  // Nobody else may connect, not even between bind and chmod.
  const before = process.umask(0o177);
  try {
    await bind(server, `unix:${path}`, ServerCredentials.createInsecure());
  } finally {
    process.umask(before);
  }
  return { close: () => server.forceShutdown() };
}

export interface NetworkListener {
  /** `host:port`; without a host, every address of the node. */
  address: string;
  identity: ShownIdentity;
  authenticated: ServerInterceptor;
}

export interface ExecutorPort extends ExecutorListener {
  port: number;
}

export async function listenOnNetwork(
  { address, identity, authenticated }: NetworkListener,
  service: ExecutorServer,
): Promise<ExecutorPort> {
  const server = new Server({ interceptors: [authenticated], ...connections });
  server.addService(ExecutorService, service);
  const shown = new RenewableCredentials(identity.current());
  identity.onRenewed((pair) => shown.renew(pair));
  const port = await bindAny(server, address, shown);
  return { port, close: () => server.forceShutdown() };
}

/** One that nobody uses is closed, and so is one whose other end went away without a word. */
const connections = {
  "grpc.max_concurrent_streams": 1_000,
  "grpc.max_connection_idle_ms": 60_000,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
};

/** New connections see the new certificate; those that are open stay open. */
class RenewableCredentials extends ServerCredentials {
  constructor(pair: KeyPair) {
    super({ minVersion: "TLSv1.3", handshakeTimeout: 10_000 }, contextOf(pair));
  }

  renew(pair: KeyPair): void {
    this.updateSecureContextOptions(contextOf(pair));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

const contextOf = ({ certificate, key }: KeyPair) => ({ cert: certificate, key });

/** Where a node has no IPv6, its IPv4 addresses are all. */
async function bindAny(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  if (!address.startsWith(":")) return bind(server, address, credentials);
  try {
    return await bind(server, `[::]${address}`, credentials);
  } catch {
    return bind(server, `0.0.0.0${address}`, credentials); // tells by itself what else may be wrong
  }
}

const bind = (server: Server, address: string, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
