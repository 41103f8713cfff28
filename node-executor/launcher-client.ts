// The client of a launcher's socket, and how long each of its answers may be. Its guest may have broken out and answer
// anything, and what is read takes many times the room of what came.
import { type ClientOptions, credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { LauncherClient, LauncherService } from "@knvirt/proto";
import { pathOfDescriptor } from "./no-follow.ts";

type Verb = keyof typeof LauncherService;

/** Several times the state of a guest with all the interfaces and addresses that its launcher tells of. */
const usualBytes = 512 * 1024;
const longestBytes: Partial<Record<Verb, number>> = {
  // Plain bytes and plain text: they take no more room once they are read.
  guestInfo: 4 * 1024 * 1024,
  // The largest display, if it cannot be compressed.
  screenshot: 16 * 1024 * 1024,
  // Asked before a guest has run.
  probeCapabilities: 4 * 1024 * 1024,
};

/** The address is the descriptor's number, which another pod may get later: connections are never shared by address. */
export const connectTo = (descriptor: number): LauncherClient =>
  new BoundedClient(`unix:${pathOfDescriptor(descriptor)}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_retries": 0,
    "grpc.max_receive_message_length": Math.max(usualBytes, ...Object.values(longestBytes)),
    "grpc.enable_channelz": 0, // its records cost a tenth of each call, and nobody reads them
    // Notices a launcher that hangs with its connection open.
    "grpc.keepalive_time_ms": 20_000,
    "grpc.keepalive_timeout_ms": 10_000,
  });

const BoundedClient = makeGenericClientConstructor(
  Object.fromEntries(Object.entries(LauncherService).map(([verb, call]) => [verb, bounded(verb as Verb, call)])),
  LauncherClient.serviceName,
) as unknown as new (
  ...of: [address: string, credentials: ReturnType<typeof credentials.createInsecure>, options: ClientOptions]
) => LauncherClient;

function bounded<Call extends { responseDeserialize(bytes: Buffer): unknown }>(verb: Verb, call: Call): Call {
  const most = longestBytes[verb] ?? usualBytes;
  return {
    ...call,
    responseDeserialize: (bytes: Buffer) => {
      if (bytes.length > most)
        throw new Error(`answer to ${verb} is too long: ${bytes.length} bytes, expected ${most} at most`);
      return call.responseDeserialize(bytes);
    },
  };
}
