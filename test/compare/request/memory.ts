// What one server has told in a case so far, from which later requests to it are filled in.
import { isDeepStrictEqual } from "node:util";
import { mergePatch } from "../../../standalone/apiserver/patch/index.ts";
import type { JsonValue } from "../../../standalone/apiserver/schema/index.ts";
import type { Answer, Json, Sent } from "../server/server.ts";
import { pathOf, type Step, subresources } from "./step.ts";

interface Seen {
  object: Json;
  first: string;
}

export interface Memory {
  objects: Map<string, Seen>;
  listVersion: string;
  continueToken: string;
}

/** The version is where the history of the case begins. */
export const emptyMemory = (listVersion: string): Memory => ({
  objects: new Map(),
  listVersion,
  continueToken: "none",
});

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

export const objectPath = (path: string): string => (subresources.includes(lastPart(path)) ? parentOf(path) : path);

export function sentFor(step: Step, memory: Memory): Sent {
  const seen = memory.objects.get(objectPath(step.path));
  const fill = (text: string): string => filled(text, memory, seen);
  const { method, contentType } = step;
  const body = bodyOf(step, seen, fill);
  return {
    ...{ method, path: pathOf(step, fill) },
    ...(contentType && { contentType }),
    ...(body !== undefined && { body }),
  };
}

function bodyOf({ body, change }: Step, seen: Seen | undefined, fill: (text: string) => string): unknown {
  const filledBody = deep(body, fill);
  if (change === undefined || !seen) return filledBody;
  return mergePatch(seen.object as JsonValue, deep(change, fill) as JsonValue);
}

function deep(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === "string") return fill(value);
  if (Array.isArray(value)) return value.map((item) => deep(item, fill));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deep(item, fill)]));
}

function filled(text: string, { listVersion, continueToken }: Memory, seen: Seen | undefined): string {
  const names: Record<string, string> = {
    "@uid": seen?.object.metadata.uid ?? "00000000-0000-4000-8000-000000000000",
    "@rv": seen?.object.metadata.resourceVersion ?? listVersion,
    "@old-rv": seen?.first ?? listVersion,
    "@list-rv": listVersion,
    "@continue": continueToken,
  };
  return names[text] ?? text;
}

export function remember(memory: Memory, step: Step, { code, body }: Answer): void {
  if (code >= 300 || typeof body !== "object" || body === null) return;
  if (Array.isArray(body.items)) {
    memory.listVersion = body.metadata.resourceVersion;
    memory.continueToken = body.metadata.continue || "none";
    return;
  }
  if (!body.metadata?.uid || body.kind === "Status" || step.query?.dryRun) return;
  rememberObject(memory, step, body);
}

function rememberObject({ objects }: Memory, step: Step, body: Json): void {
  const path = step.method === "POST" ? `${step.path}/${body.metadata.name}` : objectPath(step.path);
  const known = objects.get(path);
  const first = known?.object.metadata.uid === body.metadata.uid ? known?.first : undefined;
  if (known && isDeepStrictEqual(known.object, body)) return;
  objects.set(path, { object: body, first: first ?? body.metadata.resourceVersion });
}
