// What a request means: which resource, which object, which part of it, asked by whom and how.
import type { ApiRequest } from "@knvirt/kubernetes";
import { noSuchResource, type Subject } from "../../../standalone/apiserver/errors.ts";
import { dryRunErrors, type OptionsKind, requireValid } from "../../../standalone/apiserver/http/request-options.ts";
import { parseGroupVersion, parseResourcePath } from "../../../standalone/apiserver/http/resource-call.ts";
import type { Catalog, ServedResource } from "../../../standalone/apiserver/machinery.ts";
import type { JsonValue } from "../../../standalone/apiserver/schema/index.ts";
import { received } from "./received.ts";

export interface Request {
  method: ApiRequest["method"];
  resource: ServedResource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: NonNullable<ApiRequest["query"]>;
  contentType: string;
  user: string;
  /** As JSON would bring it. */
  body(): JsonValue;
}

/** Throws NotFound for paths that nobody serves. */
export function requestOf(catalog: Catalog, sent: ApiRequest, user: string): Request {
  const { method, path, query = {}, contentType = "application/json" } = sent;
  const place = parseGroupVersion(path);
  const found = place && parseResourcePath(place);
  const resource = found && catalog.find(found.group, found.version, found.plural);
  if (!found || !resource) throw noSuchResource();
  const { namespace, name, subresource } = found;
  const { namespaced } = resource.definition;
  if (namespace !== undefined && !namespaced) throw noSuchResource();
  if (name !== undefined && namespace === undefined && namespaced) throw noSuchResource();
  return {
    ...{ method, resource, namespace, name, subresource, query, contentType, user },
    body: () => received(sent.body),
  };
}

export const parametersOf = (query: Request["query"]): URLSearchParams => {
  const parameters = new URLSearchParams();
  for (const name in query) if (query[name] !== undefined) parameters.set(name, String(query[name]));
  return parameters;
};

/** As messages name the object. */
export const subjectOf = ({ resource: { definition }, name = "" }: Request): Subject & { kind: string } => ({
  group: definition.group,
  plural: definition.plural,
  kind: definition.kind,
  name,
});

export const isFlagSet = (value: Request["query"][string]): boolean =>
  value !== undefined && !["0", "false", ""].includes(String(value).toLowerCase());

const optionsOf: Record<string, OptionsKind> = {
  ...{ POST: "CreateOptions", PUT: "UpdateOptions", PATCH: "PatchOptions", DELETE: "DeleteOptions" },
};

export function isDryRun({ method, query: { dryRun } }: Request): boolean {
  if (dryRun === undefined || dryRun === "") return false;
  requireValid(optionsOf[method] ?? "UpdateOptions", dryRunErrors([String(dryRun)]));
  return true;
}

/** Without a field manager the client's name stands for it. */
export const managerOf = ({ query: { fieldManager }, user }: Request): string =>
  fieldManager ? String(fieldManager) : user.slice(0, 128);
