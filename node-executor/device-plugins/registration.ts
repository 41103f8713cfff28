// Telling the kubelet that a plugin serves a resource, beside the kubelet's own socket.
import { join } from "node:path";
import { credentials, Metadata } from "@grpc/grpc-js";
import { devicePlugin } from "@knvirt/proto";
import { pluginOptions } from "./plugin-server.ts";

export const kubeletSocket = "kubelet.sock";
const patienceMs = 5_000;
/** Its socket is there just before it listens. One that does not by then is looked for again when its folder changes. */
const listensMs = 1_000;
const retryMs = 100;

export interface Registration {
  directory: string;
  /** File name of the plugin's socket. */
  endpoint: string;
  resource: string;
}

/**
 * Throws when the kubelet does not answer or refuses. `prepare` is called when it listens: as it clears the folder of all
 * sockets before it does, what is put in place then stays, and it looks for the plugin's while it is told of it.
 */
export async function register(
  { directory, endpoint, resource }: Registration,
  prepare: () => Promise<void>,
): Promise<void> {
  const client = new devicePlugin.RegistrationClient(
    `unix:${join(directory, kubeletSocket)}`,
    credentials.createInsecure(),
    {
      // A kubelet that was started again is another one at the same address.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_channelz": 0,
      "grpc.initial_reconnect_backoff_ms": retryMs,
      "grpc.max_reconnect_backoff_ms": retryMs,
    },
  );
  const request = { version: "v1beta1", endpoint, resourceName: resource, options: pluginOptions };
  try {
    await settled((done) => client.waitForReady(Date.now() + listensMs, done));
    await prepare();
    const deadline = Date.now() + patienceMs;
    await settled((done) => client.register(request, new Metadata(), { deadline }, done));
  } finally {
    client.close();
  }
}

const settled = (call: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
