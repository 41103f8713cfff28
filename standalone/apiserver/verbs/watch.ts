// Watches: first what happened since the given resourceVersion, then what happens, as a stream of JSON lines.
import type { ServerResponse } from "node:http";
import { type ApiError, expired, failureStatus } from "../errors.ts";
import type { Reply } from "../http/call.ts";
import { listOptionsOf } from "../http/list-options.ts";
import { eventText, type Presentation, presentationFor } from "../http/presentation.ts";
import { flagOf } from "../http/request-options.ts";
import type { Machinery, ResourceCall } from "../machinery.ts";
import { type Selection, selectionOf, selectorsOf } from "../selectors/selection.ts";
import { eventOf, type WatchEvent } from "../watch-hub.ts";
import { versionOf } from "./list.ts";

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
  const request = watchRequest(machinery, call);
  return { stream: (response) => serveWatch(machinery, request, { response, signal: call.signal }) };
}

function watchRequest({ store }: Machinery, { resource, namespace, query, headers }: ResourceCall): WatchRequest {
  const selectors = selectorsOf(query);
  const { resourceVersion, sendInitialEvents, timeoutSeconds } = listOptionsOf(query);
  const selection = selectionOf(resource, namespace, selectors);
  const given = versionOf(resourceVersion);
  // Without a version, and without what is there, it begins now.
  const since = given === 0 && sendInitialEvents === false ? store.revision : given;
  return {
    ...{ resource, selection },
    presentation: presentationFor(resource, headers.accept, query),
    since: sendInitialEvents || since === 0 ? undefined : since,
    bookmarks: flagOf(query, "allowWatchBookmarks"),
    // As upstream: also who did not ask for it is told where what was there ends.
    initialEvents: sendInitialEvents === true || since === 0,
    timeoutSeconds: timeoutSeconds || defaultTimeoutSeconds,
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
    const metadata = { resourceVersion, ...(annotations && { annotations }) };
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
