// A byte stream to a guest, through the executor of the node that runs it.
import { connectivityState, credentials, type Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { type ConnectRequest, ExecutorClient, type Open } from "@knvirt/proto";
import { GatewayError, type StatusCode } from "./errors.ts";

export type GuestStream = ReturnType<ExecutorClient["connect"]>;

export interface Executors {
  /** Resolves once the guest's end is open. Throws GatewayError when the executor refuses or is away. */
  connect(open: Open, nodeName: string | undefined): Promise<GuestStream>;
  close(): void;
}

/** An executor that is started again is found at once; the default waits for up to two minutes. */
export const reconnect = { "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1_000 };

const openSeconds = 10;

/** The executor on this machine, by its unix socket, which only root can reach. */
export function localExecutor(socketPath: string): Executors {
  const client = new ExecutorClient(`unix:${socketPath}`, credentials.createInsecure(), reconnect);
  return {
    connect: (open) => openThrough({ client, open, executor: "the executor of its node" }),
    close: () => client.close(),
  };
}

export interface Opening {
  client: ExecutorClient;
  open: Open;
  /** Which one, in words. */
  executor: string;
  metadata?: Metadata;
}

export async function openThrough(opening: Opening): Promise<GuestStream> {
  const { client, open, executor, metadata } = opening;
  try {
    return await opened(metadata ? client.connect(metadata) : client.connect(), opening);
  } catch (error) {
    if (client.getChannel().getConnectivityState(false) === connectivityState.READY) throw error;
    const message = `${nameOf(open)} cannot be reached: ${executor} is away, try again in a moment`;
    throw new GatewayError(503, message, { cause: error });
  }
}

/** The executor sends its headers when the guest's end is open, and an error instead when it is not. */
function opened(stream: GuestStream, opening: Opening): Promise<GuestStream> {
  const { open, executor } = opening;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const message = `${nameOf(open)} cannot be reached: ${executor} gave no answer in ${openSeconds} s`;
      reject(new GatewayError(503, message));
      stream.cancel();
    }, openSeconds * 1000);
    // Stays for the stream's whole life: without a listener an error would end this process.
    stream.on("error", (error: ServiceError) => {
      clearTimeout(late);
      reject(toGatewayError(error, opening));
    });
    stream.once("metadata", () => {
      clearTimeout(late);
      resolve(stream);
    });
    stream.write({ message: { $case: "open", value: open } } satisfies ConnectRequest);
  });
}

export const nameOf = ({ namespace, name }: Open): string => `virtualmachineinstance ${namespace}/${name}`;

/** What is not here is between us and the executor, and nothing that the caller could mend. */
const codes: Partial<Record<status, StatusCode>> = {
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.ALREADY_EXISTS]: 409,
  [status.UNAVAILABLE]: 503,
};

function toGatewayError(error: ServiceError, { open, executor }: Opening): GatewayError {
  const { code, details, message } = error;
  const isRefusal = code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED;
  const why = isRefusal ? `${nameOf(open)} cannot be reached: ${executor} refuses this gateway: ${details}` : details;
  return new GatewayError(codes[code] ?? 500, why || message, { cause: error });
}
