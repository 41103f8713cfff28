// What a request path means: which resource, which namespace, which object, which part of it.
import { badRequest, noSuchResource } from "../errors.ts";
import type { Catalog, ResourceCall, Target } from "../machinery.ts";
import type { Call } from "./call.ts";

export interface ResourcePath {
  group: string;
  version: string;
  /** Absent: all namespaces, or a cluster-wide resource. */
  namespace?: string;
  plural: string;
  name?: string;
  subresource?: string;
}

export interface GroupVersionPath {
  group: string;
  version: string;
  rest: string[];
}

/** Undefined for paths that are not below a group and version. */
export function parseGroupVersion(path: string): GroupVersionPath | undefined {
  const [prefix, ...parts] = path.split("/").filter((part) => part !== "");
  if (prefix === "api" && parts[0]) return { group: "", version: parts[0], rest: parts.slice(1) };
  const [group, version, ...rest] = parts;
  return prefix === "apis" && group && version ? { group, version, rest } : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`the path has a part that is not encoded as it should be: ${part}`);
  }
}

/** These two are about the namespace itself; every other word below a namespace is a resource in it. */
const namespaceSubresources = ["status", "finalize"];

export function parseResourcePath({ group, version, rest }: GroupVersionPath): ResourcePath | undefined {
  const [first, second, third] = rest;
  const inNamespace =
    first === "namespaces" && third !== undefined && !(group === "" && namespaceSubresources.includes(third));
  const [plural, name, subresource, ...tooMuch] = inNamespace ? rest.slice(2) : rest;
  if (!plural || tooMuch.length > 0) return undefined;
  return {
    ...{ group, version, plural },
    ...(inNamespace && second && { namespace: decoded(second) }),
    ...(name && { name: decoded(name) }),
    ...(subresource && { subresource }),
  };
}

export function resolve(catalog: Catalog, path: ResourcePath, call: Call): ResourceCall {
  const resource = catalog.find(path.group, path.version, path.plural);
  if (!resource) throw noSuchResource();
  const { namespaced } = resource.definition;
  if (path.namespace !== undefined && !namespaced) throw noSuchResource();
  if (path.name !== undefined && path.namespace === undefined && namespaced) throw noSuchResource();
  const { namespace, name, subresource } = path;
  return { ...call, resource, namespace, name, subresource };
}

export function targetOf({ resource, namespace = "", name }: ResourceCall): Target {
  if (name === undefined) throw noSuchResource();
  return { resource, namespace, name };
}
