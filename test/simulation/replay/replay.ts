// A recording is sent to a server request by request, in the server's own terms, and each answer compared.
import type { Differing } from "../../compare/answer/differing.ts";
import type { Answer, Json, Sent, Server } from "../../compare/server/server.ts";
import { compared, type Judged } from "./compared.ts";
import { isBinding, type Recorded } from "./recording.ts";
import { removeMade } from "./remove-made.ts";
import { type Terms, termsFrom } from "./terms.ts";

export interface Replayed {
  request: Recorded["request"];
  /** None where the answers agree. */
  found: Judged[];
}

/** Leaves nothing behind on the server. */
export async function replay(server: Server, recording: readonly Recorded[]): Promise<Replayed[]> {
  const terms = termsFrom(new Date());
  const replayed: Replayed[] = [];
  try {
    for (const recorded of recording) replayed.push(await replayOne(server, recorded, terms));
  } finally {
    await removeMade(server, recording);
  }
  return replayed;
}

async function replayOne(server: Server, recorded: Recorded, terms: Terms): Promise<Replayed> {
  const answer = await server.call(sentFor(recorded, terms));
  const { request, body } = recorded;
  const contradictions = answer.code < 300 ? learnAnswer(terms, recorded, answer) : [];
  const expected = { ...recorded, body: terms.answered(body) };
  return { request, found: compared({ expected, answer, contradictions }, terms) };
}

function learnAnswer(terms: Terms, recorded: Recorded, { body }: Answer): Differing[] {
  const path = objectPath(recorded);
  const model = recorded.body;
  if (recorded.code >= 300) return [];
  if (!Array.isArray(model?.items)) return terms.learn(path, model, body);
  return model.items.flatMap((item: Json) => {
    const other = body.items.find((one: Json) => nameOf(one) === nameOf(item));
    return other ? terms.learn(itemPath(path, item), item, other) : [];
  });
}

/** Without a subresource; of what is created, where it is then. */
function objectPath({ request, body }: Recorded): string {
  if (request.method === "POST" && !isBinding(request))
    return `${request.path}/${(request.body as Json)?.metadata?.name ?? body?.metadata?.name}`;
  return request.path.replace(/\/(status|binding)$/, "");
}

const nameOf = ({ metadata }: Json): string => `${metadata.namespace}/${metadata.name}`;

/** Lists are of all namespaces, or of one. */
function itemPath(path: string, { metadata: { namespace, name } }: Json): string {
  const [, plural = ""] = /([^/]+)$/.exec(path) ?? [];
  const isAll = namespace !== undefined && !path.includes("/namespaces/");
  return `${isAll ? path.replace(/[^/]+$/, `namespaces/${namespace}/${plural}`) : path}/${name}`;
}

function sentFor({ user, request }: Recorded, terms: Terms): Sent {
  const { method, path, query = {}, contentType, body } = request;
  const isWrite = method === "POST" || method === "PUT" || method === "PATCH";
  const parameters = new URLSearchParams(isWrite ? { fieldManager: user } : {});
  for (const [name, value] of Object.entries(terms.sent(path, query)))
    if (value !== undefined) parameters.set(name, String(value));
  return {
    ...{ method, path: parameters.size === 0 ? path : `${path}?${parameters}` },
    ...(contentType && { contentType }),
    ...(body !== undefined && { body: terms.sent(objectPath({ user, request, code: 200, body }), body) }),
  };
}
