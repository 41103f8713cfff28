// Which function answers which method on which kind of path.
import { methodNotAllowed, noSuchResource, notFound } from "../errors.ts";
import type { Reply } from "../http/call.ts";
import { flagOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { type Machinery, type ResourceCall, subjectOf, type Verb } from "../machinery.ts";
import { create } from "./create.ts";
import { remove, removeCollection } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import { scaleEndpoint } from "./scale.ts";
import { update } from "./update.ts";
import { watch } from "./watch.ts";

type Answer = (machinery: Machinery, call: ResourceCall) => Promise<Reply>;

const answers: Record<Verb, Answer> = {
  ...{ get, list, watch, create, update, patch },
  delete: remove,
  deletecollection: removeCollection,
};

const verbsOfObject: Record<string, Verb> = {
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

function verbOf({ method, name, query }: ResourceCall): Verb | undefined {
  if (name !== undefined) return verbsOfObject[method];
  if (method === "GET" || method === "HEAD") return flagOf(query, "watch") ? "watch" : "list";
  if (method === "POST") return "create";
  return method === "DELETE" ? "deletecollection" : undefined;
}

const notAllowed = () => methodNotAllowed("the server does not allow this method on the requested resource");

export function answer(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { resource, subresource } = call;
  if (subresource !== undefined) return answerSubresource(machinery, call, subresource);
  const verb = verbOf(call);
  if (!verb || !resource.verbs.includes(verb)) throw notAllowed();
  return answers[verb](machinery, call);
}

function answerSubresource(machinery: Machinery, call: ResourceCall, subresource: string): Promise<Reply> {
  const { definition, endpoints } = call.resource;
  const endpoint = Object.hasOwn(endpoints, subresource) ? endpoints[subresource] : undefined;
  if (endpoint) return endpoint.serve(machinery, call);
  const verb = verbOf(call);
  if (!verb || !["get", "update", "patch"].includes(verb)) throw notAllowed();
  if (subresource === "status" && definition.subresources.status) return answers[verb](machinery, call);
  if (subresource === "scale" && definition.subresources.scale) return scaleEndpoint(machinery, call, verb);
  throw call.resource.builtIn ? noSuchResource() : notFound(subjectOf(targetOf(call)));
}
