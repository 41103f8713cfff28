// Where a server listens: on a socket that only our own user may connect to, or on a port.
import { chmodSync, rmSync } from "node:fs";
import type { Server } from "node:http";

export interface Port {
  port: number;
  /** Left out: every address of this machine. */
  host?: string;
}

export interface Listening {
  /** 0 for a socket. */
  port: number;
  /** Cuts off who is still connected. */
  close(): void;
}

/** A socket that an earlier process left behind is replaced. */
export function listen(server: Server, where: string | Port): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const bound = (): void => resolve(listening(server));
    server.once("error", reject);
    if (typeof where !== "string") return void server.listen(where, bound);
    rmSync(where, { force: true });
    const umask = process.umask(0o177);
    server.listen(where, bound);
    process.umask(umask);
    return chmodSync(where, 0o600);
  });
}

function listening(server: Server): Listening {
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
