// Watches: first what happened since the given resourceVersion, then what happens, as a stream of JSON lines.
import type { ServerResponse } from "node:http";
import { type ApiError, badRequest, expired, failureStatus } from "../errors.ts";
import type { Reply } from "../http/call.ts";
import { eventText, type Presentation, presentationFor } from "../http/presentation.ts";
import { flagOf, integerOf } from "../http/request-options.ts";
import type { Machinery, ResourceCall } from "../machinery.ts";
import { type Selection, selectionOf } from "../selectors/selection.ts";
import { eventOf, type WatchEvent } from "../watch-hub.ts";

interface WatchRequest {
  resource: ResourceCall["resource"];
  selection: Selection;
  presentation: Presentation;
  /** Absent: start with the objects that are there. */
  since: number | undefined;
  bookmarks: boolean;
  initialEvents: boolean;
  timeoutSeconds: number;
}

const bookmarkSeconds = 30;
const defaultTimeoutSeconds = 3600;
/** A client that does not read gets its watch ended; it resumes from where it was. */
const maxUnreadBytes = 64 * 1024 * 1024;

export async function watch(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const request = watchRequest(call);
  return { stream: (response) => serveWatch(machinery, request, { response, signal: call.signal }) };
}

function watchRequest({ resource, namespace, query, headers }: ResourceCall): WatchRequest {
  const initialEvents = flagOf(query, "sendInitialEvents");
  if (query.has("sendInitialEvents") && query.get("resourceVersionMatch") !== "NotOlderThan")
    throw badRequest("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  const since = integerOf(query, "resourceVersion") ?? 0;
  return {
    resource,
    selection: selectionOf(resource, namespace, query),
    presentation: presentationFor(resource, headers.accept, query),
    since: initialEvents || (since === 0 && query.get("sendInitialEvents") !== "false") ? undefined : since,
    bookmarks: flagOf(query, "allowWatchBookmarks"),
    initialEvents,
    timeoutSeconds: integerOf(query, "timeoutSeconds") || defaultTimeoutSeconds,
  };
}

/** Reading the past and joining the present happen in one step, so nothing falls between them. */
function serveWatch(
  machinery: Machinery,
  request: WatchRequest,
  { response, signal }: { response: ServerResponse; signal: AbortSignal },
): void {
  const { selection, resource } = request;
  const stream = new WatchStream(machinery, request, response);
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
  response.flushHeaders();
  if (!stream.catchUp()) return;
  const leave = machinery.hub.add({
    resource: resource.storedAs,
    namespace: selection.namespace,
    matches: selection.matches,
    receive: (event) => stream.sendSafely(event),
  });
  const bookmarks = setInterval(() => stream.bookmark(), bookmarkSeconds * 1000);
  const end = () => stream.end();
  const timeout = setTimeout(end, request.timeoutSeconds * 1000);
  signal.addEventListener("abort", end);
  response.once("close", () => {
    leave();
    clearInterval(bookmarks);
    clearTimeout(timeout);
    signal.removeEventListener("abort", end);
  });
}

class WatchStream {
  readonly #machinery: Machinery;
  readonly #request: WatchRequest;
  readonly #response: ServerResponse;
  #isFirst = true;

  constructor(machinery: Machinery, request: WatchRequest, response: ServerResponse) {
    this.#machinery = machinery;
    this.#request = request;
    this.#response = response;
  }

  send(event: WatchEvent): void {
    this.#write(eventText(event, this.#request.presentation, this.#isFirst));
    this.#isFirst = false;
  }

  /** Other watchers and writers must not suffer from one object that cannot be shown. */
  sendSafely(event: WatchEvent): void {
    try {
      this.send(event);
    } catch (error) {
      this.#machinery.log.error({ error, revision: event.version.revision }, "watch event could not be shown");
      this.#response.destroy();
    }
  }

  bookmark(annotations?: Record<string, string>): void {
    const { bookmarks, resource } = this.#request;
    if (!bookmarks) return;
    const resourceVersion = String(this.#machinery.store.revision);
    const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) };
    const object = { kind: resource.definition.kind, apiVersion: resource.apiVersion, metadata };
    this.#write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
  }

  /** Answers whether the stream goes on. */
  catchUp(): boolean {
    const { since, initialEvents } = this.#request;
    if (since === undefined) {
      this.#sendPresent();
      if (initialEvents) this.bookmark({ "k8s.io/initial-events-end": "true" });
      return true;
    }
    const { store } = this.#machinery;
    if (since < store.compacted)
      return this.#fail(expired(`too old resource version: ${since} (${store.compacted})`));
    if (since > store.revision)
      return this.#fail(expired(`too large resource version: ${since} (${store.revision})`));
    this.#sendPast(since);
    return true;
  }

  end(): void {
    if (this.#response.writableEnded) return;
    this.bookmark();
    this.#response.end();
  }

  #sendPresent(): void {
    const { resource, selection } = this.#request;
    const scope = { resource: resource.storedAs, namespace: selection.namespace };
    for (const { version } of this.#machinery.store.read.list(scope))
      if (selection.matches?.(version.object) ?? true) this.send({ type: "ADDED", version });
  }

  #sendPast(since: number): void {
    const { resource, selection } = this.#request;
    const scope = { resource: resource.storedAs, namespace: selection.namespace };
    for (const change of this.#machinery.store.read.changesAfter(since, scope)) {
      const event = eventOf(change, selection.matches);
      if (event) this.send(event);
    }
  }

  #fail(error: ApiError): false {
    this.#response.end(`${JSON.stringify({ type: "ERROR", object: failureStatus(error) })}\n`);
    return false;
  }

  #write(text: string): void {
    this.#response.write(text);
    if (this.#response.writableLength > maxUnreadBytes) this.#response.destroy();
  }
}
