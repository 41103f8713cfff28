// A byte stream to a guest, through the executor of the node that runs it.
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { type ConnectRequest, ExecutorClient, type Open } from "@knvirt/proto";
import { GatewayError, type StatusCode } from "./errors.ts";

export type GuestStream = ReturnType<ExecutorClient["connect"]>;

export interface Executors {
  /** Resolves once the guest's end is open. Throws GatewayError when the executor refuses or is away. */
  connect(open: Open): Promise<GuestStream>;
  close(): void;
}

/** The executor on this machine, by its unix socket, which only root can reach. */
export function localExecutor(socketPath: string): Executors {
  const client = new ExecutorClient(`unix:${socketPath}`, credentials.createInsecure());
  return {
    connect: (open) => opened(client.connect(), open),
    close: () => client.close(),
  };
}

/** The executor sends its headers when the guest's end is open, and an error instead when it is not. */
function opened(stream: GuestStream, open: Open): Promise<GuestStream> {
  return new Promise((resolve, reject) => {
    const refuse = (error: ServiceError): void => reject(toGatewayError(error));
    stream.once("error", refuse);
    stream.once("metadata", () => {
      stream.off("error", refuse);
      resolve(stream);
    });
    stream.write({ message: { $case: "open", value: open } } satisfies ConnectRequest);
  });
}

const codes: Partial<Record<status, StatusCode>> = {
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.ALREADY_EXISTS]: 409,
  [status.UNAVAILABLE]: 503,
};

const toGatewayError = (error: ServiceError): GatewayError =>
  new GatewayError(codes[error.code] ?? 500, error.details || error.message, { cause: error });
