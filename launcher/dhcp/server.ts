// The DHCP server of the guest's network: the socket around reply().
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Log } from "../log.ts";
import type { Lease } from "./options.ts";
import { decode, encode } from "./packet.ts";
import { reply } from "./reply.ts";

export interface DhcpOptions {
  lease: Lease;
  log: Log;
  /** Others than the protocol's only where the protocol's cannot be had. */
  ports?: { server: number; client: number };
}

export interface DhcpServer {
  port: number;
  close(): void;
}

/** Fails when the port cannot be had; what goes wrong later is logged, and concerns one packet. */
export async function serveDhcp({
  lease,
  log,
  ports = { server: 67, client: 68 },
}: DhcpOptions): Promise<DhcpServer> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  socket.bind(ports.server);
  await once(socket, "listening");
  socket.setBroadcast(true);
  socket.on("error", (error) => log.error({ err: error }, "DHCP socket failed"));
  socket.on("message", (bytes) => answer(socket, bytes, { lease, log, ports }));
  return { port: socket.address().port, close: () => socket.close() };
}

function answer(socket: Socket, bytes: Buffer, { lease, log, ports }: Required<DhcpOptions>): void {
  const request = decode(bytes);
  const answered = request && reply(request, lease);
  if (!answered) return;
  const { packet, destination } = answered;
  socket.send(encode(packet), ports.client, destination, (error) => {
    if (error) log.warn({ err: error, destination }, "DHCP reply was not sent");
    else log.debug({ mac: packet.mac, address: lease.address, destination }, "DHCP reply sent");
  });
}
