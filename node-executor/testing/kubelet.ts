// A kubelet for tests, as far as device plugins see it: it wipes their directory when it starts, takes registrations,
// and calls each plugin back.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { devicePlugin } from "@knvirt/proto";

export interface TestKubelet {
  readonly registrations: devicePlugin.RegisterRequest[];
  /** Resources whose socket was not there when it was told of them: a kubelet dials for seconds then. */
  readonly lost: string[];
  /** Healthy devices of a resource; undefined while nobody serves it. */
  healthy(resource: string): number | undefined;
  allocate(resource: string, ids: string[]): Promise<devicePlugin.AllocateResponse>;
  /** Ends as when its process is killed: its socket stays. */
  stop(): void;
}

interface Endpoint {
  client: devicePlugin.DevicePluginClient;
  end(): void;
  devices: devicePlugin.Device[] | undefined;
}

export async function startKubelet(
  directory: string,
  socket = join(directory, "kubelet.sock"),
): Promise<TestKubelet> {
  mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(directory)) rmSync(join(directory, file));
  const registrations: devicePlugin.RegisterRequest[] = [];
  const lost: string[] = [];
  const endpoints = new Map<string, Endpoint>();
  const server = new Server();
  server.addService(devicePlugin.RegistrationService, {
    register: ({ request }, answer) => {
      registrations.push(request);
      if (!existsSync(join(directory, request.endpoint))) lost.push(request.resourceName);
      endpoints.get(request.resourceName)?.end();
      endpoints.set(request.resourceName, follow(join(directory, request.endpoint)));
      answer(null, {});
    },
  } satisfies devicePlugin.RegistrationServer);
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return {
    registrations,
    lost,
    healthy: (resource) => endpoints.get(resource)?.devices?.filter(({ health }) => health === "Healthy").length,
    allocate: (resource, devicesIds) =>
      new Promise((resolve, reject) => {
        const client = endpoints.get(resource)?.client;
        if (!client) return reject(new Error(`${resource} is not registered`));
        client.allocate({ containerRequests: [{ devicesIds }] }, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      }),
    stop: () => {
      for (const { end } of endpoints.values()) end();
      server.forceShutdown();
    },
  };
}

function follow(socket: string): Endpoint {
  const client = new devicePlugin.DevicePluginClient(`unix:${socket}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  const list = client.listAndWatch({});
  const end = (): void => {
    list.cancel();
    client.close();
  };
  const endpoint: Endpoint = { client, end, devices: undefined };
  list.on("data", ({ devices }: devicePlugin.ListAndWatchResponse) => {
    endpoint.devices = devices;
  });
  list.on("error", () => {
    endpoint.devices = undefined;
  });
  return endpoint;
}
