// The device plugin of one resource: the kubelet is told of its devices as long as it listens.
import { rm, stat } from "node:fs/promises";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import { devicePlugin } from "@knvirt/proto";

type Listener = ServerWritableStream<devicePlugin.Empty, devicePlugin.ListAndWatchResponse>;

export interface PluginServer {
  /** The kubelet follows the list: it counts on the plugin. */
  readonly isFollowed: boolean;
  /** False once somebody took the socket away, as a kubelet does when it starts. */
  isInPlace(): Promise<boolean>;
  /** Tells everybody who listens how it is now. */
  tell(): void;
  close(): void;
}

export interface PluginOptions {
  socket: string;
  list(): devicePlugin.ListAndWatchResponse;
  allocate(request: devicePlugin.AllocateRequest): devicePlugin.AllocateResponse;
  /** Somebody began to listen, or ceased to. */
  onFollowed(): void;
}

export const pluginOptions: devicePlugin.DevicePluginOptions = {
  preStartRequired: false,
  getPreferredAllocationAvailable: false,
};

/** Takes the place of a socket that a predecessor left. */
export async function servePlugin(options: PluginOptions): Promise<PluginServer> {
  const { socket, list } = options;
  const listeners = new Set<Listener>();
  const server = new Server();
  server.addService(devicePlugin.DevicePluginService, serviceOf(options, listeners));
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const own = await identityOf(socket);
  return {
    get isFollowed() {
      return listeners.size > 0;
    },
    isInPlace: async () => own !== undefined && (await identityOf(socket)) === own,
    tell: () => {
      for (const listener of listeners) listener.write(list());
    },
    close: () => server.forceShutdown(),
  };
}

function serviceOf(
  { list, allocate, onFollowed }: PluginOptions,
  listeners: Set<Listener>,
): devicePlugin.DevicePluginServer {
  return {
    getDevicePluginOptions: (_call, answer) => answer(null, pluginOptions),
    listAndWatch: (call) => {
      listeners.add(call);
      call.on("error", () => undefined); // it ends all the same
      call.once("close", () => {
        if (listeners.delete(call)) onFollowed();
      });
      call.once("cancelled", () => {
        if (listeners.delete(call)) onFollowed();
      });
      call.write(list());
      onFollowed();
    },
    allocate: ({ request }, answer) => answer(null, allocate(request)),
    getPreferredAllocation: (_call, answer) => answer(null, { containerResponses: [] }),
    preStartContainer: (_call, answer) => answer(null, {}),
  };
}

/** Numbers of inodes are given away again: the time goes with it. */
async function identityOf(socket: string): Promise<string | undefined> {
  try {
    const { ino, ctimeNs } = await stat(socket, { bigint: true });
    return `${ino}/${ctimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
