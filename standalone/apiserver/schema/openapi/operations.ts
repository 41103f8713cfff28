// What can be done with a resource over HTTP, for both versions of OpenAPI.
import type { ResourceDefinition } from "../../resource.ts";
import { capital, definitionName, type GroupVersionKind, groupVersionPath, groupWord, metaName } from "./names.ts";

type Method = "get" | "put" | "post" | "patch" | "delete";
export type Action = "get" | "list" | "put" | "post" | "patch" | "delete" | "deletecollection";

export interface Operation {
  path: string;
  method: Method;
  action: Action;
  id: string;
  description: string;
  kind: GroupVersionKind;
  /** Names of the definitions of what is sent and answered. */
  body?: string;
  answer: string;
}

const methods: Record<Action, Method> = {
  get: "get",
  list: "get",
  put: "put",
  post: "post",
  patch: "patch",
  delete: "delete",
  deletecollection: "delete",
};

const verbs: Record<Action, string> = {
  get: "read",
  list: "list",
  put: "replace",
  post: "create",
  patch: "patch",
  delete: "delete",
  deletecollection: "deleteCollection",
};

/** A path of a resource, and what it does. */
interface Endpoint {
  path: string;
  /** Ends the ids of its operations. */
  suffix: string;
  what: string;
  actions: Action[];
  kind: GroupVersionKind;
}

export function operationsOf(definition: ResourceDefinition): Operation[] {
  return endpointsOf(definition).flatMap((endpoint) =>
    endpoint.actions.map((action) => operation(definition, endpoint, action)),
  );
}

function endpointsOf({ group, version, kind, plural, namespaced, subresources }: ResourceDefinition): Endpoint[] {
  const base = `/${groupVersionPath({ group, version })}`;
  const collection = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const item = `${collection}/{name}`;
  const own = { group, version, kind };
  const part: Action[] = ["get", "put", "patch"];
  const one: Action[] = ["get", "put", "patch", "delete"];
  const many: Action[] = ["list", "post", "deletecollection"];
  const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
  const everywhere: Endpoint = {
    path: `${base}/${plural}`,
    suffix: "ForAllNamespaces",
    what: `objects of kind ${kind} in all namespaces`,
    actions: ["list"],
    kind: own,
  };
  return [
    { path: collection, suffix: "", what: `objects of kind ${kind}`, actions: many, kind: own },
    { path: item, suffix: "", what: `the named ${kind}`, actions: one, kind: own },
    ...(namespaced ? [everywhere] : []),
    ...(subresources.status
      ? [{ path: `${item}/status`, suffix: "Status", what: `status of the named ${kind}`, actions: part, kind: own }]
      : []),
    ...(subresources.scale
      ? [{ path: `${item}/scale`, suffix: "Scale", what: `scale of the named ${kind}`, actions: part, kind: scale }]
      : []),
  ];
}

function operation(definition: ResourceDefinition, endpoint: Endpoint, action: Action): Operation {
  const { group, version, namespaced, kind } = definition;
  const scope = namespaced && endpoint.suffix !== "ForAllNamespaces" ? "Namespaced" : "";
  const [verb = "", collection = ""] = verbs[action].split(/(?=Collection)/);
  const body = bodyOf(endpoint.kind, action);
  return {
    path: endpoint.path,
    method: methods[action],
    action,
    id: `${verb}${groupWord(group)}${capital(version)}${collection}${scope}${kind}${endpoint.suffix}`,
    description: `${verbs[action].replace(/C.*/, "")} ${endpoint.what}`,
    kind: endpoint.kind,
    ...(body ? { body } : {}),
    answer: answerOf(definition, endpoint, action),
  };
}

function bodyOf(kind: GroupVersionKind, action: Action): string | undefined {
  if (action === "put" || action === "post") return definitionName(kind);
  if (action === "patch") return metaName("Patch");
  return action === "delete" || action === "deletecollection" ? metaName("DeleteOptions") : undefined;
}

function answerOf({ group, version, listKind }: ResourceDefinition, { kind }: Endpoint, action: Action): string {
  if (action === "list") return definitionName({ group, version, kind: listKind });
  return action === "delete" || action === "deletecollection" ? metaName("Status") : definitionName(kind);
}
