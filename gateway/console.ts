// Whether an instance has the endpoint that is asked for, and can answer on it now. Pure.
import { phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import { Endpoint, type Open } from "@knvirt/proto";
import { GatewayError } from "./errors.ts";
import type { SubresourceRequest } from "./routes.ts";

interface Viewable {
  endpoint: Open["endpoint"];
  /** Why the instance has no such endpoint; undefined when it has. */
  missing(vmi: VirtualMachineInstance): string | undefined;
}

const endpoints: Record<string, Viewable> = {
  console: {
    endpoint: Endpoint.ENDPOINT_SERIAL_CONSOLE,
    missing: ({ spec }) =>
      spec.domain.devices?.autoattachSerialConsole === false
        ? "no serial console is present: autoattachSerialConsole is false"
        : undefined,
  },
  vnc: {
    endpoint: Endpoint.ENDPOINT_VNC,
    missing: ({ spec }) =>
      spec.domain.devices?.autoattachGraphicsDevice === false
        ? "no graphics device is present: autoattachGraphicsDevice is false"
        : undefined,
  },
};

/** The executor's words for the request. Throws what upstream answers: 404, 400 or 409. */
export function openOf(request: SubresourceRequest, vmi: VirtualMachineInstance | undefined): Open {
  const { namespace, name, subresource, query } = request;
  const viewable = endpoints[subresource];
  const object = `virtualmachineinstance ${namespace}/${name}`;
  if (!viewable)
    throw new GatewayError(404, `${object} has no subresource ${subresource}: console and vnc are supported`);
  if (!vmi) throw new GatewayError(404, `virtualmachineinstances.kubevirt.io "${name}" not found`);
  const missing = viewable.missing(vmi);
  if (missing) throw new GatewayError(400, `${object} cannot be viewed: ${missing}`);
  const phase = phaseOf(vmi);
  if (phase === "Failed") throw new GatewayError(409, `${object} has failed: nothing runs that could answer`);
  if (phase !== "Running") throw new GatewayError(400, `${object} is not running: it is ${phase}, wait for Running`);
  return { namespace, name, endpoint: viewable.endpoint, preserveSession: query.get("preserveSession") === "true" };
}
