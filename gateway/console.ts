// Whether an instance has the endpoint that is asked for, and can answer on it now. Pure.
import { isFinal, phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import { Endpoint, type Open } from "@knvirt/proto";
import { GatewayError } from "./errors.ts";
import type { SubresourceRequest } from "./routes.ts";

interface Viewable {
  endpoint: Open["endpoint"];
  /** Why the instance has no such endpoint; undefined when it has. */
  missing(vmi: VirtualMachineInstance): string | undefined;
}

const endpoints: Record<SubresourceRequest["subresource"], Viewable> = {
  console: {
    endpoint: Endpoint.ENDPOINT_SERIAL_CONSOLE,
    missing: ({ spec }) =>
      spec.domain.devices?.autoattachSerialConsole === false
        ? "has no serial console: spec.domain.devices.autoattachSerialConsole is false"
        : undefined,
  },
  vnc: {
    endpoint: Endpoint.ENDPOINT_VNC,
    missing: ({ spec }) =>
      spec.domain.devices?.autoattachGraphicsDevice === false
        ? "has no graphics device: spec.domain.devices.autoattachGraphicsDevice is false"
        : undefined,
  },
};

/**
 * The executor's words for the request. Throws 404, 409, or 400 for what may come yet: virtctl asks again on 400, for
 * minutes and without a word, so what is final must be something else.
 */
export function openOf(request: SubresourceRequest, vmi: VirtualMachineInstance | undefined): Open {
  const { namespace, name, subresource, query } = request;
  const object = `virtualmachineinstance ${namespace}/${name}`;
  if (!vmi)
    throw new GatewayError(
      404,
      `virtualmachineinstances.kubevirt.io "${name}" not found: no VM of this name runs in namespace ${namespace}`,
    );
  const { endpoint, missing } = endpoints[subresource];
  const lack = missing(vmi);
  if (lack) throw new GatewayError(409, `${object} ${lack}`);
  const phase = phaseOf(vmi);
  if (isFinal(vmi))
    throw new GatewayError(409, `${object} has ended: it is ${phase}, and nothing runs that could answer`);
  if (phase !== "Running") throw new GatewayError(400, `${object} is not running: it is ${phase}, wait for Running`);
  return { namespace, name, endpoint, preserveSession: query.get("preserveSession") === "true" };
}
