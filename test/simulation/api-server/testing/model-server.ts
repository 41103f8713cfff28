// The model as the comparison of API servers speaks to it. Our kinds are in a group of the comparison's own there.
import { ApiError, type ApiRequest } from "@knvirt/kubernetes";
import { group, namespace } from "../../../compare/request/kinds.ts";
import type { Answer, Json, Sent, Server, Watch } from "../../../compare/server/server.ts";
import { type ApiServer, apiServer } from "../index.ts";

const user = "compare";
const ownGroup = "kubevirt.io";

/** With what the comparison needs to be there. */
export function modelServer(): Server {
  const model = apiServer({ now: () => new Date() });
  const make = (path: string, name: string) =>
    model.call({ method: "POST", path, body: { metadata: { name } } }, user);
  make("/api/v1/namespaces", namespace);
  make(`/api/v1/namespaces/${namespace}/serviceaccounts`, "default");
  return {
    name: "model",
    call: async (sent) => answered(model, requestOf(sent)),
    watch: (path) => opened(model, requestOf({ method: "GET", path })),
    close: () => undefined,
  };
}

const inText = (value: unknown, from: string, to: string): Json =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll(from, to));

function requestOf({ method, path, contentType, body }: Sent): ApiRequest {
  const url = new URL(`https://localhost${path.replaceAll(group, ownGroup)}`);
  return {
    method: method as ApiRequest["method"],
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(contentType && { contentType }),
    ...(body !== undefined && { body: inText(body, group, ownGroup) }),
  };
}

function answered(model: ApiServer, request: ApiRequest): Answer {
  try {
    const code = codeOf(model, request);
    return { code, body: shown(model.call(request, user)), warnings: [] };
  } catch (error) {
    return refusal(error);
  }
}

/** Which of the good codes it is does not matter to our client. */
function codeOf(model: ApiServer, { method, contentType, path }: ApiRequest): number {
  if (method === "POST") return 201;
  if (contentType !== "application/apply-patch+yaml") return 200;
  try {
    model.call({ method: "GET", path }, user);
    return 200;
  } catch {
    return 201;
  }
}

function refusal(error: unknown): Answer {
  if (!(error instanceof ApiError)) throw error;
  const { code, message, reason, details } = error;
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    details,
    code,
  };
  const isWithout = Object.keys(details).length === 0 && ["BadRequest", "Expired"].includes(reason);
  if (isWithout) delete (status as Json).details;
  return { code, body: inText(status, ownGroup, group), warnings: [] };
}

/** What the model stores stands in its lists as it is; of built-in kinds Kubernetes leaves out the kind there. */
function shown(answer: unknown): Json {
  const body = inText(answer, ownGroup, group);
  if (Array.isArray(body.items) && !body.apiVersion.includes(group))
    body.items = body.items.map(({ kind: _, apiVersion: __, ...item }: Json) => item);
  return body;
}

function opened(model: ApiServer, request: ApiRequest): Watch {
  const lines: Watch["lines"] = [];
  const watch: Watch = { lines, opened: Promise.resolve(), close: () => undefined };
  try {
    const open = model.watch(request, ({ type, object }) => lines.push({ type, object: shown(object) }));
    return { ...watch, close: () => open.close() };
  } catch (error) {
    const refused = refusal(error);
    if (refused.code !== 410) return { ...watch, refusal: refused };
    lines.push({ type: "ERROR", object: refused.body });
    return watch;
  }
}
