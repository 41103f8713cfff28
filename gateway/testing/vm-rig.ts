// For tests: the gateway before a control plane, called as virtctl calls it.
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VirtualMachine } from "@knvirt/api";
import type { Client } from "@knvirt/kubernetes";
import pino from "pino";
import { busyNode } from "../../standalone/testing/busy-node.ts";
import { type Rig, withControlPlane } from "../../standalone/testing/control-plane-rig.ts";
import { namespace } from "../../standalone/testing/rig-objects.ts";
import { localExecutor } from "../executors.ts";
import { callerOf, usualHeaders } from "../front-proxy.ts";
import { serveGateway } from "../server.ts";

export type Verb = "start" | "stop" | "restart";

export interface VmRig extends Rig {
  /** A PUT with options as JSON. */
  put(name: string, verb: Verb, body?: object): Promise<{ code: number; text: string }>;
}

/** With a node that starts and ends pods by itself, unless it is idle. */
export async function withGateway(test: (rig: VmRig) => Promise<void>, { idle = false } = {}): Promise<void> {
  await withControlPlane(
    async (rig) => {
      const server = await startGateway(rig.client);
      const stopNode = idle ? undefined : busyNode(rig.client);
      try {
        await test({ ...rig, put: (name, verb, body = {}) => put(server, `${name}/${verb}`, body) });
      } finally {
        server.close();
        await stopNode?.();
      }
    },
    { direct: true },
  );
}

async function startGateway(client: Client): Promise<Server> {
  const server = createServer();
  const believed = ({ headersDistinct }: IncomingMessage) => callerOf(headersDistinct, usualHeaders);
  const executors = localExecutor(join(tmpdir(), "nobody-listens.sock"));
  serveGateway({ client, executors, log: pino({ enabled: false }), callerOf: believed }, server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.on("close", () => executors.close());
  return server;
}

async function put(server: Server, what: string, body: object): Promise<{ code: number; text: string }> {
  const { port } = server.address() as AddressInfo;
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${what}`;
  const headers = { "x-remote-user": "admin", "x-remote-group": "system:masters" };
  const asked = request({ host: "127.0.0.1", port, method: "PUT", path, headers, agent: false });
  asked.end(JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const text = Buffer.concat(await answer.toArray()).toString();
  return { code: answer.statusCode ?? 0, text };
}

/** Nothing is under way. */
export const isSettled = (vm: VirtualMachine | undefined): boolean =>
  ["Running", "Stopped"].includes(vm?.status?.printableStatus ?? "") && !vm?.status?.stateChangeRequests?.length;
