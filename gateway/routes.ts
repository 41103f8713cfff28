// Which subresource a path means. Pure: text in, request out.
import { GatewayError } from "./errors.ts";

export const group = "subresources.kubevirt.io";
/** The first one is preferred. */
export const versions = ["v1", "v1alpha3"] as const;
/** Of virtualmachineinstances; other kinds have none yet. */
export const subresources = ["console", "vnc"] as const;

export interface SubresourceRequest {
  version: string;
  resource: "virtualmachineinstances";
  namespace: string;
  name: string;
  subresource: (typeof subresources)[number];
  query: URLSearchParams;
}

/** What does the same as a verb of upstream that we do not have yet. */
const instead: Record<string, string> = {
  start: "set its spec.runStrategy to Always",
  stop: "set its spec.runStrategy to Halted",
  restart: "delete its virtualmachineinstance",
};

const shape = /^\/apis\/subresources\.kubevirt\.io\/(v1|v1alpha3)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/(.+)$/;

/** Throws 501 for a subresource that upstream may have and we have not, and 404 for any other path. */
export function parseSubresource(url: string): SubresourceRequest {
  const { pathname, searchParams: query } = parsed(url);
  const [, version = "", namespace = "", resource = "", name = "", wanted = ""] = shape.exec(pathname) ?? [];
  if (resource !== "virtualmachineinstances" && resource !== "virtualmachines")
    throw new GatewayError(
      404,
      `path ${pathname} is not served: expected /apis/${group}/v1/namespaces/NAMESPACE/virtualmachineinstances/NAME/SUBRESOURCE`,
    );
  const subresource = subresources.find((known) => known === wanted);
  if (resource === "virtualmachines" || !subresource)
    throw new GatewayError(
      501,
      `${resource} ${namespace}/${name}: subresource ${wanted} is not supported yet: ${instead[wanted] ?? `virtualmachineinstances have ${subresources.join(" and ")}`}`,
    );
  return { version, resource, namespace, name, subresource, query };
}

/** Names of objects need no escapes, so one that carries some just names nothing. */
function parsed(url: string): URL {
  try {
    return new URL(url, "http://gateway");
  } catch {
    throw new GatewayError(400, `path ${url} is no path: expected /apis/${group}`);
  }
}
