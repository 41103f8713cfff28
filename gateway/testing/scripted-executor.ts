// An executor for tests: the real service on a real unix socket, whose guests do what a test says.
import { Metadata, Server, ServerCredentials, type ServerDuplexStream, type status } from "@grpc/grpc-js";
import {
  type ConnectReply,
  type ConnectRequest,
  type ExecutorServer,
  ExecutorService,
  type Open,
} from "@knvirt/proto";

/** The guest's end of one viewer's stream. */
export interface Guest {
  open: Open;
  /** All that the viewer sent so far. */
  readonly received: Buffer;
  /** Undefined while the stream is there. */
  readonly left: "ended" | "cancelled" | undefined;
  /** Resolves when the gateway took it. */
  send(bytes: Buffer): Promise<void>;
  end(): void;
  fail(refusal: Refusal): void;
}

export interface Refusal {
  code: status;
  details: string;
}

export interface ScriptedExecutor {
  guests: Guest[];
  /** How it refuses to open; set to undefined it opens. */
  refusal: Refusal | undefined;
  /** As when its process is killed. */
  stop(): void;
}

export async function startScriptedExecutor(socketPath: string): Promise<ScriptedExecutor> {
  const server = new Server();
  const executor: ScriptedExecutor = { guests: [], refusal: undefined, stop: () => server.forceShutdown() };
  const service: ExecutorServer = {
    connect: (call) => {
      call.on("error", () => undefined);
      call.once("data", ({ message }: ConnectRequest) => {
        if (executor.refusal) return void call.emit("error", executor.refusal);
        if (message?.$case !== "open") throw new Error(`first message is ${message?.$case}: expected open`);
        executor.guests.push(guestOf(call, message.value));
        call.sendMetadata(new Metadata());
      });
    },
  };
  server.addService(ExecutorService, service);
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return executor;
}

function guestOf(call: ServerDuplexStream<ConnectRequest, ConnectReply>, open: Open): Guest {
  const chunks: Buffer[] = [];
  let left: Guest["left"];
  call.on("data", ({ message }: ConnectRequest) => {
    if (message?.$case === "data") chunks.push(message.value);
  });
  call.once("end", () => {
    left ??= "ended";
  });
  call.once("cancelled", () => {
    left = "cancelled";
  });
  return {
    open,
    get received() {
      return Buffer.concat(chunks);
    },
    get left() {
      return left;
    },
    send: (data) => new Promise((resolve) => call.write({ data }, () => resolve())),
    end: () => call.end(),
    fail: (refusal) => void call.emit("error", refusal),
  };
}
