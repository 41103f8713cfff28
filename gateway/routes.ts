// Which subresource a path means. Pure: text in, request out.
import { GatewayError } from "./errors.ts";
import { type Method, objectOf, type Subresource, type SubresourceRequest } from "./subresource.ts";
import { subresources } from "./subresources.ts";

export const group = "subresources.kubevirt.io";
/** The first one is preferred. */
export const versions = ["v1", "v1alpha3"] as const;

export interface Route {
  wanted: SubresourceRequest;
  subresource: Subresource;
}

const shape = /^\/apis\/subresources\.kubevirt\.io\/(v1|v1alpha3)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/(.+)$/;

/** What upstream serves beside subresources and documents. */
const others =
  /^\/apis\/subresources\.kubevirt\.io\/(v1|v1alpha3)\/(guestfs|(start|stop|dump)-cluster-profiler|namespaces\/[^/]+\/expand-vm-spec)$/;

/** Throws 501 for what upstream has and we have not yet, 404 for a path that upstream does not have either, and 405 for another method than its own. */
export function routeOf(method: string | undefined, url: string): Route {
  const { pathname, searchParams: query } = parsed(url);
  const [, version = "", namespace = "", resource = "", name = "", path = ""] = shape.exec(pathname) ?? [];
  const subresource = subresources.find((one) => one.resource === resource && matches(one, path));
  if (others.test(pathname)) throw new GatewayError(501, `path ${pathname} is not supported yet`);
  if (!subresource)
    throw new GatewayError(
      404,
      `path ${pathname} is not served: expected /apis/${group}/v1/namespaces/NAMESPACE/virtualmachineinstances/NAME/SUBRESOURCE`,
    );
  if (method !== subresource.method) {
    const object = objectOf({ resource: subresource.resource, namespace, name });
    throw new GatewayError(405, `${object}: ${subresource.path} is called by ${subresource.method}: found ${method}`);
  }
  const rest = path.slice(subresource.path.length + 1);
  return { subresource, wanted: { ...{ version, namespace, name, query }, ...requestOf(subresource, rest) } };
}

const matches = ({ path, takesMore }: Subresource, asked: string): boolean =>
  asked === path || (takesMore === true && asked.startsWith(`${path}/`));

const requestOf = ({ resource, path, method }: Subresource, rest: string) => ({
  resource,
  subresource: path,
  verb: verbs[method],
  rest: rest === "" ? [] : rest.split("/"),
});

/** In the words of roles. */
export const verbs = { GET: "get", PUT: "update" } as const satisfies Record<Method, string>;

/** Names of objects need no escapes, so one that carries some just names nothing. */
function parsed(url: string): URL {
  try {
    return new URL(url, "http://gateway");
  } catch {
    throw new GatewayError(400, `path ${url} is no path: expected /apis/${group}`);
  }
}
