// Which subresource a path means. Pure: text in, request out.
import { GatewayError } from "./errors.ts";

export const group = "subresources.kubevirt.io";
/** The first one is preferred. */
export const versions = ["v1", "v1alpha3"] as const;

export interface SubresourceRequest {
  version: string;
  resource: "virtualmachineinstances";
  namespace: string;
  name: string;
  subresource: string;
  query: URLSearchParams;
}

const shape = /^\/apis\/subresources\.kubevirt\.io\/(v1|v1alpha3)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/(.+)$/;

/** Throws when the path is no subresource of a kind that has some. */
export function parseSubresource(url: string): SubresourceRequest {
  const { pathname, searchParams } = new URL(url, "http://gateway");
  const [, version = "", namespace = "", resource = "", name = "", subresource = ""] = shape.exec(pathname) ?? [];
  if (resource !== "virtualmachineinstances")
    throw new GatewayError(
      404,
      `path ${pathname} is not served: expected /apis/${group}/v1/namespaces/NAMESPACE/virtualmachineinstances/NAME/SUBRESOURCE`,
    );
  return {
    version,
    resource,
    namespace: decodeURIComponent(namespace),
    name: decodeURIComponent(name),
    subresource,
    query: searchParams,
  };
}
