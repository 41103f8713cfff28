// A byte stream to a guest, through the executor of the node that runs it.
import { connectivityState, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { type ConnectRequest, ExecutorClient, type Open } from "@knvirt/proto";
import { GatewayError, type StatusCode } from "./errors.ts";

export type GuestStream = ReturnType<ExecutorClient["connect"]>;

export interface Executors {
  /** Resolves once the guest's end is open. Throws GatewayError when the executor refuses or is away. */
  connect(open: Open): Promise<GuestStream>;
  close(): void;
}

/** An executor that is started again is found at once; the default waits for up to two minutes. */
const reconnect = { "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1_000 };

const openSeconds = 10;

/** The executor on this machine, by its unix socket, which only root can reach. */
export function localExecutor(socketPath: string): Executors {
  const client = new ExecutorClient(`unix:${socketPath}`, credentials.createInsecure(), reconnect);
  return {
    connect: (open) =>
      opened(client.connect(), open).catch((error: unknown) => {
        if (client.getChannel().getConnectivityState(false) === connectivityState.READY) throw error;
        const message = `${nameOf(open)} cannot be reached: the executor of its node is away, try again in a moment`;
        throw new GatewayError(503, message, { cause: error });
      }),
    close: () => client.close(),
  };
}

/** The executor sends its headers when the guest's end is open, and an error instead when it is not. */
function opened(stream: GuestStream, open: Open): Promise<GuestStream> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const message = `${nameOf(open)} cannot be reached: the executor of its node gave no answer in ${openSeconds} s`;
      reject(new GatewayError(503, message));
      stream.cancel();
    }, openSeconds * 1000);
    // Stays for the stream's whole life: without a listener an error would end this process.
    stream.on("error", (error: ServiceError) => {
      clearTimeout(late);
      reject(toGatewayError(error));
    });
    stream.once("metadata", () => {
      clearTimeout(late);
      resolve(stream);
    });
    stream.write({ message: { $case: "open", value: open } } satisfies ConnectRequest);
  });
}

const nameOf = ({ namespace, name }: Open): string => `virtualmachineinstance ${namespace}/${name}`;

const codes: Partial<Record<status, StatusCode>> = {
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.ALREADY_EXISTS]: 409,
  [status.UNAVAILABLE]: 503,
};

const toGatewayError = (error: ServiceError): GatewayError =>
  new GatewayError(codes[error.code] ?? 500, error.details || error.message, { cause: error });
