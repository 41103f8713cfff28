// One request of a case, before either server has answered anything: what only the answers tell stands in it by name.

/**
 * Strings in a path or a body that begin with "@" are filled in for each server from its own answers: `@uid`, `@rv`
 * (latest), `@old-rv` (first), `@list-rv`, `@continue`; of the object, or of the collection, that the request is for.
 */
export interface Step {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Of a collection or an object, without a query. */
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  body?: unknown;
  /** The body is the object as it was last seen, with this merge patch; the body itself where none was seen. */
  change?: unknown;
  /** Stays open until the end of the case. */
  watch?: true;
}

export const subresources = ["status", "scale", "binding", "finalize"];

const queryText = (query: Record<string, string> = {}): string => {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return text.length > 0 ? `?${text.join("&")}` : "";
};

export const pathOf = ({ path, query }: Step, fill: (text: string) => string = (text) => text): string =>
  path + queryText(Object.fromEntries(Object.entries(query ?? {}).map(([name, value]) => [name, fill(value)])));

const verbs: Record<string, string> = {
  POST: "create",
  PUT: "replace",
  PATCH: "patch",
  DELETE: "delete",
  GET: "get",
};
const patches: Record<string, string> = {
  "application/json-patch+json": "patch --type=json",
  "application/merge-patch+json": "patch --type=merge",
  "application/strategic-merge-patch+json": "patch --type=strategic",
  "application/apply-patch+yaml": "apply --server-side",
};

/** As somebody would type it: kubectl-like where kubectl has a word for it. */
export function lineOf(step: Step): string {
  const { method, contentType, body, change, watch } = step;
  const verb = watch ? "watch" : (patches[contentType ?? ""] ?? verbs[method] ?? method);
  const sent = [
    ...(change === undefined ? [] : [`last seen, with ${JSON.stringify(change)}`]),
    ...(body === undefined || change !== undefined ? [] : [JSON.stringify(body)]),
  ];
  return [verb, pathOf(step), ...sent].join(" ");
}
