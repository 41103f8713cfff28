// Opening a hypervisor: the socket, the question of credentials, the hypervisor's URI.
import { Connection, type KeepaliveOptions } from "./connection.ts";
import { ConnectionError } from "./errors.ts";
import { remote } from "./procedures.ts";

export interface ConnectOptions {
  socketPath: string;
  /** "qemu:///session", "qemu:///system", "test:///default", ... */
  uri: string;
  readOnly?: boolean | undefined;
  /** Watches the daemon, and asks it to watch us likewise. */
  keepalive?: KeepaliveOptions | undefined;
  signal?: AbortSignal | undefined;
  /** For all of it together; when it is over, a TimeoutError is thrown, as AbortSignal.timeout has it. */
  timeoutMs?: number | undefined;
}

const noAuthentication = 0;
const readOnlyFlag = 1;
const programKeepalive = 10;

export async function connect({ socketPath, uri, ...options }: ConnectOptions): Promise<Connection> {
  const signal = deadline(options);
  const connection = await Connection.open(socketPath, signal);
  try {
    const { types } = await connection.call(remote.authList, {}, { signal });
    if (types.length > 0 && !types.includes(noAuthentication))
      throw new ConnectionError(
        "refused",
        `libvirt at ${socketPath} asks for credentials: types ${types}, expected none`,
      );
    await connection.call(remote.connectOpen, { name: uri, flags: options.readOnly ? readOnlyFlag : 0 }, { signal });
    if (options.keepalive) {
      await connection.call(remote.connectSupportsFeature, { feature: programKeepalive }, { signal });
      connection.keepAlive(options.keepalive);
    }
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function deadline({ signal, timeoutMs }: Pick<ConnectOptions, "signal" | "timeoutMs">): AbortSignal | undefined {
  if (timeoutMs === undefined) return signal;
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
