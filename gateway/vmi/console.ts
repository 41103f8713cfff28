// The guest's serial console and its display, and whether an instance has them and can answer now.
import { isFinal, phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import { Endpoint } from "@knvirt/proto";
import { GatewayError } from "../errors.ts";
import { guestPeer, type Peer } from "../peer.ts";
import type { Call } from "../subresource.ts";
import { getFitting } from "./ask.ts";
import { type Requirement, textOf } from "./preconditions.ts";

type Device = "autoattachSerialConsole" | "autoattachGraphicsDevice";

const mustHave =
  (what: string, device: Device): Requirement =>
  (vmi) => {
    if (vmi.spec.domain.devices?.[device] === false)
      throw new GatewayError(409, `${textOf(vmi)} has no ${what}: spec.domain.devices.${device} is false`);
  };

const mustHaveConsole = mustHave("serial console", "autoattachSerialConsole");
export const mustHaveDisplay = mustHave("graphics device", "autoattachGraphicsDevice");

/** Throws 409, or 400 for what may come yet: virtctl asks again on 400, for minutes and without a word, so what is final
 * must be something else. */
export function mustAnswer(vmi: VirtualMachineInstance): void {
  const phase = phaseOf(vmi);
  if (isFinal(vmi))
    throw new GatewayError(409, `${textOf(vmi)} has ended: it is ${phase}, and nothing runs that could answer`);
  if (phase !== "Running")
    throw new GatewayError(400, `${textOf(vmi)}: VMI is not running: it is ${phase}, wait for Running`);
}

const connect =
  (endpoint: Endpoint, mustHaveIt: Requirement) =>
  async (call: Call): Promise<Peer> => {
    const { executors, wanted } = call;
    const { namespace, name, query } = wanted;
    const { status } = await getFitting(call, [mustHaveIt, mustAnswer]);
    const open = { namespace, name, endpoint, preserveSession: query.get("preserveSession") === "true" };
    return guestPeer(await executors.connect(open, status?.nodeName));
  };

export const console = connect(Endpoint.ENDPOINT_SERIAL_CONSOLE, mustHaveConsole);
export const vnc = connect(Endpoint.ENDPOINT_VNC, mustHaveDisplay);
