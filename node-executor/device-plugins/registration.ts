// Telling the kubelet that a plugin serves a resource, beside the kubelet's own socket.
import { join } from "node:path";
import { credentials, Metadata } from "@grpc/grpc-js";
import { devicePlugin } from "@knvirt/proto";
import { pluginOptions } from "./plugin-server.ts";

export const kubeletSocket = "kubelet.sock";
const patienceMs = 5_000;

export interface Registration {
  directory: string;
  /** File name of the plugin's socket. */
  endpoint: string;
  resource: string;
}

/** Throws when the kubelet does not answer or refuses. */
export async function register({ directory, endpoint, resource }: Registration): Promise<void> {
  const client = new devicePlugin.RegistrationClient(
    `unix:${join(directory, kubeletSocket)}`,
    credentials.createInsecure(),
    // A kubelet that was started again is another one at the same address.
    { "grpc.use_local_subchannel_pool": 1, "grpc.enable_channelz": 0 },
  );
  const request = { version: "v1beta1", endpoint, resourceName: resource, options: pluginOptions };
  try {
    await new Promise<void>((resolve, reject) => {
      client.register(request, new Metadata(), { deadline: Date.now() + patienceMs }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  } finally {
    client.close();
  }
}
