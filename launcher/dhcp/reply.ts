// What a client is answered. There is one guest and one address: whoever asks is leased it, and nobody is refused.
import { type Lease, leaseOptions, option } from "./options.ts";
import type { DhcpPacket } from "./packet.ts";

const messageType = { discover: 1, offer: 2, request: 3, ack: 5 } as const;
const fromClient = 1;
const fromServer = 2;
const broadcastFlag = 0x8000;
const nobody = "0.0.0.0";

export interface Reply {
  packet: DhcpPacket;
  destination: string;
}

/** Undefined for messages that need no answer. */
export function reply(request: DhcpPacket, lease: Lease): Reply | undefined {
  const asked = request.options.get(option.messageType)?.[0];
  const answer =
    asked === messageType.discover ? messageType.offer : asked === messageType.request ? messageType.ack : undefined;
  if (request.op !== fromClient || answer === undefined) return undefined;
  const packet: DhcpPacket = {
    ...request,
    op: fromServer,
    seconds: 0,
    clientAddress: answer === messageType.ack ? request.clientAddress : nobody,
    yourAddress: lease.address,
    serverAddress: lease.gateway,
    options: new Map([[option.messageType, Buffer.of(answer)], ...leaseOptions(lease)]),
  };
  return { packet, destination: canReceive(request, lease) ? lease.address : "255.255.255.255" };
}

/** Only the guest's own MAC is known to the bridge as the neighbour that has the address. */
const canReceive = ({ flags, mac }: DhcpPacket, lease: Lease): boolean =>
  (flags & broadcastFlag) === 0 && mac === lease.mac.toLowerCase();
