// RFC 6902 with Kubernetes' liberties: negative array indices count from the end, `replace` may create an object member,
// and `test` and `copy` take an absent member for null.
import type { JsonValue } from "../schema/schema.ts";
import { PatchError } from "./errors.ts";
import { equal, isObject, type JsonObject, member, setMember } from "./json.ts";
import { parsePointer } from "./json-pointer.ts";

/** The bound Kubernetes sets, so that one request cannot occupy the server for long. */
const maxOperations = 10_000;
/** Of all copies together, as Kubernetes: each may double the document, and thirty of them fill any memory. */
const maxCopiedBytes = 3 * 1024 * 1024;

interface Budget {
  copyBytes: number;
}

type Container = JsonValue[] | JsonObject;

/** Applies one operation to a document the patch owns, and answers with the document: its root may be replaced. */
type Verb = (document: JsonValue, operation: JsonObject, budget: Budget) => JsonValue;

/** A new document; neither argument is changed. */
export function jsonPatch(document: JsonValue, operations: JsonValue): JsonValue {
  if (!Array.isArray(operations) || !operations.every((operation) => isObject(operation))) {
    throw new PatchError(400, "JSON patch is malformed: expected an array of operations");
  }
  if (operations.length > maxOperations) {
    throw new PatchError(
      413,
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    );
  }
  const budget = { copyBytes: maxCopiedBytes };
  return operations.reduce<JsonValue>(
    (patched, operation, index) => applyOperation(patched, { operation, index, budget }),
    structuredClone(document),
  );
}

interface Step {
  operation: JsonObject;
  index: number;
  budget: Budget;
}

function applyOperation(document: JsonValue, { operation, index, budget }: Step): JsonValue {
  const verb = member(verbs, String(operation.op));
  if (!verb) throw new PatchError(422, `operation ${index} has an unknown op: ${JSON.stringify(operation.op)}`);
  try {
    return verb(document, operation, budget);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new PatchError(error.code, `operation ${index} (${operation.op}) failed: ${error.message}`, {
      cause: error,
    });
  }
}

const verbs: Record<string, Verb> = {
  add: (document, operation) => add(document, pointer(operation, "path"), structuredClone(value(operation))),
  remove: (document, operation) => remove(document, pointer(operation, "path")),
  replace: (document, operation) => replace(document, pointer(operation, "path"), structuredClone(value(operation))),
  move: (document, operation) => {
    const [from, path] = [pointer(operation, "from"), pointer(operation, "path")];
    const moved = find(document, from);
    return add(remove(document, from), path, moved);
  },
  copy: (document, operation, budget) => {
    const text = JSON.stringify(lookUp(document, pointer(operation, "from")) ?? null);
    budget.copyBytes -= text.length;
    if (budget.copyBytes < 0)
      throw new PatchError(413, `all copies together are larger than ${maxCopiedBytes} bytes`);
    return add(document, pointer(operation, "path"), JSON.parse(text) as JsonValue);
  },
  test: (document, operation) => {
    const path = pointer(operation, "path");
    if (!equal(lookUp(document, path) ?? null, value(operation))) {
      throw new PatchError(422, `testing value ${operation.path} failed`);
    }
    return document;
  },
};

function pointer(operation: JsonObject, name: "path" | "from"): string[] {
  const text = operation[name];
  if (typeof text !== "string") throw new PatchError(422, `${name} is missing`);
  return parsePointer(text);
}

/** Left out it is null, as in Kubernetes. */
const value = (operation: JsonObject): JsonValue => operation.value ?? null;

function add(document: JsonValue, path: string[], added: JsonValue): JsonValue {
  const last = path.at(-1);
  if (last === undefined) return added;
  const container = containerOf(document, path);
  if (Array.isArray(container)) container.splice(insertionIndex(container, last), 0, added);
  else setMember(container, last, added);
  return document;
}

function replace(document: JsonValue, path: string[], replacement: JsonValue): JsonValue {
  const last = path.at(-1);
  if (last === undefined) return replacement;
  const container = containerOf(document, path);
  if (Array.isArray(container)) container[itemIndex(container, last)] = replacement;
  else setMember(container, last, replacement);
  return document;
}

function remove(document: JsonValue, path: string[]): JsonValue {
  const last = path.at(-1);
  if (last === undefined) throw new PatchError(422, "the whole document cannot be removed");
  const container = containerOf(document, path);
  if (Array.isArray(container)) {
    container.splice(itemIndex(container, last), 1);
  } else {
    find(document, path);
    delete container[last];
  }
  return document;
}

function find(document: JsonValue, path: string[]): JsonValue {
  const found = lookUp(document, path);
  if (found === undefined) throw new PatchError(422, `path /${path.join("/")} does not exist`);
  return found;
}

/** Undefined only when the last token names a member that its object lacks; a missing container is an error. */
function lookUp(document: JsonValue, path: string[]): JsonValue | undefined {
  const last = path.at(-1);
  return last === undefined ? document : child(containerOf(document, path), last);
}

function containerOf(document: JsonValue, path: string[]): Container {
  let at: JsonValue | undefined = document;
  for (const token of path.slice(0, -1)) at = child(at, token);
  if (Array.isArray(at) || isObject(at)) return at;
  throw new PatchError(422, `doc is missing path: /${path.join("/")}`);
}

function child(container: JsonValue | undefined, token: string): JsonValue | undefined {
  if (Array.isArray(container)) return container[itemIndex(container, token)];
  return isObject(container) ? member(container, token) : undefined;
}

const insertionIndex = (list: JsonValue[], token: string): number =>
  token === "-" ? list.length : arrayIndex(token, list.length + 1);

const itemIndex = (list: JsonValue[], token: string): number => arrayIndex(token, list.length);

function arrayIndex(token: string, size: number): number {
  if (!/^(0|-?[1-9]\d*)$/.test(token)) {
    throw new PatchError(422, `value was not a proper array index: '${token}'`);
  }
  const index = Number(token);
  if (index >= size || index < -size) throw new PatchError(422, `Unable to access invalid index: ${token}`);
  return index < 0 ? index + size : index;
}
