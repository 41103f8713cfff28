// Lists, whole or in pages; all pages of one list show the objects as they were at its first page.
import { badRequest, expired } from "../errors.ts";
import type { Reply } from "../http/call.ts";
import { type ListOptions, listOptionsOf } from "../http/list-options.ts";
import { type ListMeta, presentationFor } from "../http/presentation.ts";
import type { Machinery, ResourceCall, ServedResource } from "../machinery.ts";
import { type Selection, selectionOf, selectorsOf } from "../selectors/selection.ts";
import type { Position, Reads } from "../storage/reads.ts";
import type { Version } from "../storage/version.ts";

interface ContinueToken extends Position {
  revision: number;
}

interface PageRequest {
  limit: number;
  after: Position | undefined;
  /** Absent: the objects as they are now. */
  at: number | undefined;
}

interface PageFound {
  versions: Version[];
  /** Position of the last object looked at, when there may be more behind it. */
  last: Position | undefined;
}

export async function list(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { store } = machinery;
  const presentation = presentationFor(call.resource, call.headers.accept, call.query);
  const selectors = selectorsOf(call.query);
  const options = listOptionsOf(call.query);
  const selection = selectionOf(call.resource, call.namespace, selectors);
  const page = pageRequest(machinery, options, selection);
  const revision = page.at ?? store.revision;
  const { versions, last } = selectedPage(machinery, call, { selection, page });
  const metadata: ListMeta = { resourceVersion: String(revision) };
  if (last) {
    metadata.continue = encodeToken({ ...last, revision });
    const scope = { resource: call.resource.storedAs, namespace: selection.namespace };
    if (!selection.matches) metadata.remainingItemCount = store.read.count(scope, { after: last, at: page.at });
  }
  return { code: 200, text: presentation.list(versions, metadata) };
}

function pageRequest({ store }: Machinery, options: ListOptions, { name }: Selection): PageRequest {
  const { limit, continueToken, resourceVersion, match } = options;
  if (continueToken) {
    const { revision, namespace, name } = decodeToken(continueToken);
    if (resourceVersion && resourceVersion !== "0")
      throw badRequest("specifying resource version is not allowed when using continue");
    requireHistory(revision, store.compacted);
    return { limit, after: { namespace, name }, at: revision };
  }
  const wanted = versionOf(resourceVersion);
  // The first page of a version that is named is a page of exactly that version.
  const isExact = match === "Exact" || (match === "" && name === undefined && limit > 0 && wanted > 0);
  if (!isExact) return { limit, after: undefined, at: undefined };
  requireHistory(wanted, store.compacted);
  return { limit, after: undefined, at: wanted };
}

/** 0 where none is named. */
export function versionOf(text: string): number {
  if (/^\d{0,15}$/.test(text)) return Number(text);
  throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}: must be a number`);
}

function requireHistory(revision: number, compacted: number): void {
  if (revision >= compacted) return;
  throw expired(
    "The provided continue parameter is too old to display a consistent list result. " +
      "You must start a new list without the continue parameter.",
  );
}

function selectedPage(
  machinery: Machinery,
  { resource }: ResourceCall,
  { selection, page }: { selection: Selection; page: PageRequest },
): PageFound {
  const versions: Version[] = [];
  let last: Position | undefined;
  for (const { position, version } of candidates(machinery.store.read, resource, { selection, page })) {
    if (selection.matches && !selection.matches(version.object)) continue;
    if (page.limit > 0 && versions.length === page.limit) return { versions, last };
    versions.push(version);
    last = position;
  }
  return { versions, last: undefined };
}

interface Candidate {
  position: Position;
  version: Version;
}

function candidates(read: Reads, resource: ServedResource, wanted: { selection: Selection; page: PageRequest }) {
  const { selection, page } = wanted;
  const { namespace = resource.definition.namespaced ? undefined : "", name } = selection;
  if (name === undefined || namespace === undefined || page.at !== undefined) return chunks(read, resource, wanted);
  const key = { resource: resource.storedAs, namespace, name };
  const version = read.get(key);
  return version ? [{ position: key, version }] : [];
}

/** Read in chunks, so that a page costs what it shows and not what is behind it. */
function* chunks(
  read: Reads,
  { storedAs }: ServedResource,
  { selection, page }: { selection: Selection; page: PageRequest },
): Generator<Candidate> {
  const limit = chunkSize(page.limit, selection.matches !== undefined);
  const scope = { resource: storedAs, namespace: selection.namespace };
  let { after } = page;
  let found: Candidate[];
  do {
    found = read.list(scope, { after, limit, at: page.at });
    yield* found;
    after = found.at(-1)?.position;
  } while (found.length === limit);
}

/** One more than fits tells whether there is a next page; selectors may pass over most of what is stored. */
function chunkSize(limit: number, isFiltered: boolean): number | undefined {
  if (limit === 0) return undefined;
  return (isFiltered ? Math.max(limit, 500) : limit) + 1;
}

export const encodeToken = (token: ContinueToken): string => Buffer.from(JSON.stringify(token)).toString("base64url");

function decodeToken(text: string): ContinueToken {
  try {
    const { revision, namespace, name } = JSON.parse(Buffer.from(text, "base64url").toString()) as ContinueToken;
    if (Number.isSafeInteger(revision) && typeof namespace === "string" && typeof name === "string")
      return { revision, namespace, name };
  } catch {
    // Told below, like any other token that is not ours.
  }
  throw badRequest("continue key is not valid");
}
