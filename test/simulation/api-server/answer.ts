// Which verb a method on a path is.
import { methodNotAllowed } from "../../../standalone/apiserver/errors.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { list } from "./list.ts";
import type { Model } from "./model.ts";
import { patch } from "./patch.ts";
import type { Request } from "./request.ts";
import { answerSubresource } from "./subresources.ts";
import { liveObject, update } from "./update.ts";

type Verb = (model: Model, request: Request) => unknown;

const ofObject: Record<string, Verb> = { GET: liveObject, PUT: update, PATCH: patch, DELETE: remove };
const ofCollection: Record<string, Verb> = { GET: list, POST: create };

export function answer(model: Model, request: Request): unknown {
  const { name, method, subresource } = request;
  if (subresource !== undefined) return answerSubresource(model, request);
  const verb = (name === undefined ? ofCollection : ofObject)[method];
  if (verb) return verb(model, request);
  throw methodNotAllowed("the server does not allow this method on the requested resource");
}
