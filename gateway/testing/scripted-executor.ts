// An executor for tests: the real service on a real unix socket or over TLS, whose guests do what a test says.

import { Metadata, Server, ServerCredentials, type ServerDuplexStream, type status } from "@grpc/grpc-js";
import type { KeyPair } from "@knvirt/certificates";
import {
  type CallReply,
  type CallRequest,
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
  /** Asked for one answer each. */
  calls: CallRequest[];
  /** What a call is answered with when it is not refused. */
  reply: CallReply;
  /** What the last viewer's gateway said to prove itself. */
  readonly authorization: string | undefined;
  /** Where it is, over TLS. */
  port: number;
  /** As when its process is killed. */
  stop(): void;
}

/** At the path of a socket; with a certificate, at a free port of the address. */
export async function startScriptedExecutor(at: string, certificate?: KeyPair): Promise<ScriptedExecutor> {
  const server = new Server();
  let authorization: string | undefined;
  const executor: ScriptedExecutor = {
    guests: [],
    refusal: undefined,
    calls: [],
    reply: { json: "", png: Buffer.alloc(0) },
    get authorization() {
      return authorization;
    },
    port: 0,
    stop: () => server.forceShutdown(),
  };
  const service: ExecutorServer = {
    call: ({ request, metadata }, answer) => {
      authorization = metadata.get("authorization")[0]?.toString();
      executor.calls.push(request);
      if (executor.refusal) answer(executor.refusal);
      else answer(null, executor.reply);
    },
    connect: (call) => {
      call.on("error", () => undefined);
      authorization = call.metadata.get("authorization")[0]?.toString();
      call.once("data", ({ message }: ConnectRequest) => {
        if (executor.refusal) return void call.emit("error", executor.refusal);
        if (message?.$case !== "open") throw new Error(`first message is ${message?.$case}: expected open`);
        executor.guests.push(guestOf(call, message.value));
        call.sendMetadata(new Metadata());
      });
    },
  };
  server.addService(ExecutorService, service);
  executor.port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(certificate ? `${at}:0` : `unix:${at}`, credentialsOf(certificate), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
  return executor;
}

const credentialsOf = (pair?: KeyPair): ServerCredentials =>
  pair
    ? ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(pair.certificate), private_key: Buffer.from(pair.key) },
      ])
    : ServerCredentials.createInsecure();

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
