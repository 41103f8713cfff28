// gRPC in, Machine out. Handlers translate; what the words mean is in machine.ts.
import { chmod, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { type LauncherServer, LauncherService } from "@knvirt/proto";
import { toStatus, withReason } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Machine } from "./machine.ts";
import { type Identity, parseVmi } from "./request.ts";

export interface ServerOptions {
  machine: Machine;
  identity: Identity;
  log: Log;
}

export function launcherService({ machine, identity, log }: ServerOptions): LauncherServer {
  /** Answers with what the verb returns, or with the status its error stands for. */
  const unary =
    <Request, Reply>(verb: (request: Request) => Promise<Reply>): handleUnaryCall<Request, Reply> =>
    ({ request }, answer) => {
      verb(request).then(
        (reply) => answer(null, reply),
        (error: unknown) => {
          log.warn({ err: error }, "a call failed");
          answer(toStatus(withReason(error)));
        },
      );
    };
  return {
    probeCapabilities: unary(async () => ({ files: await machine.probeCapabilities() })),
    start: unary(async (request) => {
      await machine.start(parseVmi(request.vmi, identity), request);
      return {};
    }),
    shutdown: unary(async ({ graceSeconds }) => {
      await machine.shutdown(graceSeconds);
      return {};
    }),
    stats: unary(() => machine.stats()),
    pause: unary(() => done(machine.power.pause())),
    resume: unary(() => done(machine.power.resume())),
    reset: unary(() => done(machine.power.reset())),
    softReboot: unary(() => done(machine.power.softReboot())),
    screenshot: unary(async () => ({ png: await machine.power.screenshot() })),
    freeze: unary(({ timeoutSeconds }) => done(machine.agent.freeze(timeoutSeconds))),
    thaw: unary(() => done(machine.agent.thaw())),
    guestInfo: unary(async () => ({ json: await machine.agent.info() })),
    exec: unary((request) => machine.agent.exec(request)),
    ping: unary(({ timeoutSeconds }) => done(machine.agent.ping(timeoutSeconds))),
    watch: (call) => {
      const stop = machine.watch((state) => call.write(state));
      void machine.ended.then(() => call.end());
      call.on("cancelled", stop);
      call.on("close", stop);
    },
  };
}

/** Nothing is told but that it was done. */
async function done(verb: Promise<void>): Promise<object> {
  await verb;
  return {};
}

/** Only the owner of the socket's directory gets in: there is no other credential. */
export async function serve(socket: string, options: ServerOptions): Promise<Server> {
  const server = new Server();
  server.addService(LauncherService, launcherService(options));
  await mkdir(dirname(socket), { recursive: true });
  await rm(socket, { force: true }); // of the process before us
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  await chmod(socket, 0o600);
  return server;
}
