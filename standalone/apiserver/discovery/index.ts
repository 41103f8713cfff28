// Paths that describe the server: its version, its groups and resources, their schemas.
import { createHash } from "node:crypto";
import { noSuchResource } from "../errors.ts";
import { backendResources, type ServiceSockets } from "../http/api-services.ts";
import { type Call, json, type Reply, type TextReply } from "../http/call.ts";
import type { Machinery } from "../machinery.ts";
import { aggregatedDiscovery, aggregatedType, isAggregatedWanted } from "./aggregated.ts";
import {
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type GroupVersionResources,
  groupsOf,
  servedGroupVersions,
} from "./documents.ts";
import { openApiDocument } from "./open-api.ts";
import { serverVersion } from "./server-version.ts";

export interface DiscoveryContext {
  machinery: Machinery;
  sockets: ServiceSockets;
}

/** Undefined when the path is about something else. */
export async function discover(context: DiscoveryContext, call: Call): Promise<Reply | undefined> {
  const document = await documentAt(context, call);
  return document && unlessKnown(call, document);
}

async function documentAt(context: DiscoveryContext, call: Call): Promise<TextReply | undefined> {
  const parts = call.path.split("/").filter((part) => part !== "");
  const [first, second, third, ...more] = parts;
  if (first === "version" && parts.length === 1) return json(serverVersion);
  if (first === "openapi") return openApiDocument(context.machinery.catalog, call);
  if (first === "api") return coreDocument(context, call, parts.slice(1));
  if (first !== "apis" || more.length > 0) return undefined;
  if (second === undefined) return groupList(context, call);
  return third === undefined ? groupDocument(context, second) : localResources(context, second, third);
}

function coreDocument({ machinery }: DiscoveryContext, call: Call, parts: string[]): TextReply | undefined {
  const core = servedGroupVersions(machinery.catalog).filter(({ group }) => group === "");
  if (parts.length === 0) return isAggregatedWanted(call.headers.accept) ? aggregated(core) : json(apiVersions);
  return parts.length === 1 && parts[0] === "v1" && core[0] ? json(apiResourceList(core[0])) : undefined;
}

async function groupList(context: DiscoveryContext, call: Call): Promise<TextReply> {
  const all = await groupedVersions(context);
  return isAggregatedWanted(call.headers.accept) ? aggregated(all) : json(apiGroupList(groupsOf(all)));
}

async function groupedVersions({ machinery, sockets }: DiscoveryContext): Promise<GroupVersionResources[]> {
  const local = servedGroupVersions(machinery.catalog).filter(({ group }) => group !== "");
  return [...local, ...(await backendResources(machinery, sockets))];
}

async function groupDocument(context: DiscoveryContext, name: string): Promise<TextReply> {
  const group = groupsOf(await groupedVersions(context)).find((candidate) => candidate.name === name);
  if (!group) throw noSuchResource();
  return json({ kind: "APIGroup", apiVersion: "v1", ...apiGroup(group) });
}

/** Undefined for groups served by other processes: they answer for themselves. */
function localResources({ machinery }: DiscoveryContext, group: string, version: string): TextReply | undefined {
  const found = servedGroupVersions(machinery.catalog).find((one) => one.group === group && one.version === version);
  return found && json(apiResourceList(found));
}

const aggregated = (all: GroupVersionResources[]): TextReply => ({
  ...json(aggregatedDiscovery(groupsOf(all))),
  contentType: aggregatedType,
});

/** kubectl keeps these documents and asks whether they have changed. */
function unlessKnown({ headers }: Call, document: TextReply): TextReply {
  const etag = `"${createHash("sha256").update(document.text).digest("hex").toUpperCase()}"`;
  const named = { ...document.headers, etag, vary: "Accept", "cache-control": "public, must-revalidate" };
  const isKnown = headers["if-none-match"] === etag;
  return isKnown ? { code: 304, text: "", headers: named } : { ...document, headers: named };
}
