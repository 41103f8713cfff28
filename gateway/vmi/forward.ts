// A TCP port of the guest, reached at the address of its pod.
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import type { VirtualMachineInstance } from "@knvirt/api";
import { GatewayError } from "../errors.ts";
import { type Peer, portPeer } from "../peer.ts";
import { type Call, objectOf } from "../subresource.ts";
import { getVm } from "../vm/get-vm.ts";
import { getFitting } from "./ask.ts";
import { mustNotBePaused, mustRun, textOf } from "./preconditions.ts";

const dialMs = 10_000;
/** Then a guest that says nothing is asked whether it is there: one whose pod is gone closes nothing. One that is paused
 * for longer loses its idle connections, as it does upstream. */
const silenceMs = 120_000;

export async function forwardVmi(call: Call): Promise<Peer> {
  const port = portOf(call.wanted.rest);
  const vmi = await getFitting(call, [mustRun, mustNotBePaused]);
  return portPeer(await dialed(vmi, addressOf(vmi), port));
}

/** By the VM's name, which its instance has too. */
export async function forwardVm(call: Call): Promise<Peer> {
  const { client, wanted } = call;
  const { status } = await getVm(client, wanted);
  if (!status?.created) throw new GatewayError(409, `${objectOf(wanted)}: VM is not running: it has no instance`);
  return forwardVmi(call);
}

/** Throws 400 for what is no port, and 501 for a protocol that is not forwarded. */
export function portOf([port = "", protocol = "tcp", ...more]: string[]): number {
  if (more.length > 0 || !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw new GatewayError(
      400,
      `port to forward is invalid: ${[port, ...more].join("/")}, expected PORT or PORT/tcp`,
    );
  if (protocol === "udp") throw new GatewayError(501, "protocol udp is not supported yet: only tcp can be forwarded");
  if (protocol !== "tcp") throw new GatewayError(400, `protocol to forward is invalid: ${protocol}, expected tcp`);
  return Number(port);
}

/**
 * Of the first interface of the spec: the address at which the guest is reached from outside. One without a name is known
 * by the guest's word only, which might name any address of the cluster.
 */
export function addressOf(vmi: VirtualMachineInstance): string {
  const address = vmi.status?.interfaces?.find(({ name }) => name)?.ipAddress ?? "";
  if (isIP(address)) return address;
  throw new GatewayError(400, `${textOf(vmi)} has no address: status.interfaces names none, wait until it does`);
}

async function dialed(vmi: VirtualMachineInstance, host: string, port: number): Promise<Socket> {
  const alive = { keepAlive: true, keepAliveInitialDelay: silenceMs };
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, ...alive });
  socket.setTimeout(dialMs, () => socket.destroy(new Error(`no answer in ${dialMs / 1000} s`)));
  try {
    await once(socket, "connect");
  } catch (error) {
    const message = `${textOf(vmi)} cannot be reached on port ${port}: ${(error as Error).message}`;
    throw new GatewayError(503, message, { cause: error });
  }
  return socket.setTimeout(0);
}
