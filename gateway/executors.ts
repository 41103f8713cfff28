// A byte stream to a guest, through the executor of the node that runs it.
import { connectivityState, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { type CallReply, type CallRequest, type ConnectRequest, ExecutorClient, type Open } from "@knvirt/proto";
import { GatewayError, type StatusCode } from "./errors.ts";

export type GuestStream = ReturnType<ExecutorClient["connect"]>;

export interface Executors {
  /** Resolves once the guest's end is open. Throws GatewayError when the executor refuses or is away. */
  connect(open: Open, nodeName: string | undefined): Promise<GuestStream>;
  /** Resolves once the guest's launcher did it. Throws GatewayError as `connect` does. */
  call(request: CallRequest, nodeName: string | undefined): Promise<CallReply>;
  close(): void;
}

export const channelOptions = {
  // An executor that is started again is found at once; the default waits for up to two minutes.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // A screenshot of the largest display, if it cannot be compressed.
  "grpc.max_receive_message_length": 16 * 1024 * 1024,
};

const openSeconds = 10;
/** Longer than an executor waits for a launcher, so that it is the one to tell. */
const callSeconds = 65;

/** The executor on this machine, by its unix socket, which only root can reach. */
export function localExecutor(socketPath: string): Executors {
  const client = new ExecutorClient(`unix:${socketPath}`, credentials.createInsecure(), channelOptions);
  const way = { client, executor: "the executor of its node", metadata: new Metadata() };
  return {
    connect: (open) => openThrough(way, open),
    call: (request) => callThrough(way, request),
    close: () => client.close(),
  };
}

export interface Way {
  client: ExecutorClient;
  /** Which one, in words. */
  executor: string;
  metadata: Metadata;
}

export function openThrough(way: Way, open: Open): Promise<GuestStream> {
  return orAway(way, open, () => opened(way.client.connect(way.metadata), way, open));
}

export function callThrough(way: Way, request: CallRequest): Promise<CallReply> {
  const { client, metadata } = way;
  const options = { deadline: Date.now() + callSeconds * 1000 };
  const call = (): Promise<CallReply> =>
    new Promise((resolve, reject) => {
      client.call(request, metadata, options, (error, reply) =>
        error ? reject(toGatewayError(error, way, request)) : resolve(reply),
      );
    });
  return orAway(way, request, call);
}

/** An executor that is not there is told as that, whatever gRPC makes of it. */
async function orAway<Result>({ client, executor }: Way, vmi: Vmi, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (client.getChannel().getConnectivityState(false) === connectivityState.READY) throw error;
    const message = `${nameOf(vmi)} cannot be reached: ${executor} is away, try again in a moment`;
    throw new GatewayError(503, message, { cause: error });
  }
}

/** The executor sends its headers when the guest's end is open, and an error instead when it is not. */
function opened(stream: GuestStream, way: Way, open: Open): Promise<GuestStream> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const message = `${nameOf(open)} cannot be reached: ${way.executor} gave no answer in ${openSeconds} s`;
      reject(new GatewayError(503, message));
      stream.cancel();
    }, openSeconds * 1000);
    // Stays for the stream's whole life: without a listener an error would end this process.
    stream.on("error", (error: ServiceError) => {
      clearTimeout(late);
      reject(toGatewayError(error, way, open));
    });
    stream.once("metadata", () => {
      clearTimeout(late);
      resolve(stream);
    });
    stream.write({ message: { $case: "open", value: open } } satisfies ConnectRequest);
  });
}

type Vmi = Pick<Open, "namespace" | "name">;

export const nameOf = ({ namespace, name }: Vmi): string => `virtualmachineinstance ${namespace}/${name}`;

/** What is not here is between us and the executor, and nothing that the caller could mend. */
const codes: Partial<Record<status, StatusCode>> = {
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.ALREADY_EXISTS]: 409,
  [status.UNIMPLEMENTED]: 501,
  [status.UNAVAILABLE]: 503,
  [status.DEADLINE_EXCEEDED]: 503,
};

function toGatewayError(error: ServiceError, { executor }: Way, vmi: Vmi): GatewayError {
  const { code, details, message } = error;
  const isRefusal = code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED;
  const why = isRefusal ? `${nameOf(vmi)} cannot be reached: ${executor} refuses this gateway: ${details}` : details;
  return new GatewayError(codes[code] ?? 500, why || message, { cause: error });
}
