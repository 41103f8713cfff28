// An API server in memory for simulations: deterministic, and fast enough for tens of thousands of requests a second.
//
// It answers and refuses as the embedded API server does, whose definitions of resources and whose rules for defaults,
// deletion and patches it shares. Not modelled: validation by schema and by rules (CEL), so a spec that may not change
// does change; pruning of unknown fields; admission; who may do what; tables and other forms of answers; subresources
// but status, binding and finalize; deletion of collections. Garbage collection, namespaces' contents and the expiry of
// events are the work of controllers, which a simulation brings itself.
import { ApiError, type ApiRequest, type Key, type KubernetesObject, type Resource } from "@knvirt/kubernetes";
import { alwaysThere } from "../../../standalone/apiserver/builtin/namespaces.ts";
import { createCatalog } from "../../../standalone/apiserver/catalog.ts";
import { ApiError as Refusal } from "../../../standalone/apiserver/errors.ts";
import { answer } from "./answer.ts";
import type { WatchEvent } from "./change.ts";
import { createFields } from "./fields/index.ts";
import { suffixOf, uidOf } from "./identity.ts";
import { keyIn } from "./key.ts";
import type { Model } from "./model.ts";
import { requestOf } from "./request.ts";
import { servedResources } from "./resources.ts";
import { allOf } from "./sorted.ts";
import { createStore } from "./store.ts";
import { type Watch, watch } from "./watch.ts";
import type { Write } from "./write.ts";

export type { WatchEvent } from "./change.ts";
export type { Watch } from "./watch.ts";
export type { Write } from "./write.ts";

export interface ApiServerOptions {
  /** Virtual wall time. */
  now(): Date;
  /** Told of each accepted write before its watchers are. */
  onWrite?(write: Write): void;
  /** How many changes back a watch may resume. */
  history?: number;
}

export interface ApiServer {
  /** Answers as the API server does, or throws ApiError. What it answers is frozen and shared, never copied. */
  call(request: ApiRequest, user: string): unknown;
  /** Throws ApiError, 410 when `resourceVersion` was compacted. Events arrive synchronously at `send`, in order. */
  watch(request: ApiRequest, send: (event: WatchEvent) => void, user?: string): Watch;
  /** Versions up to now are forgotten: watches that resume from older ones, and continue tokens, get 410. */
  compact(): void;
  /** Without a request. */
  find<T extends KubernetesObject>(of: Resource<T>, key: Key): T | undefined;
  /** In the order of lists. */
  all<T extends KubernetesObject>(of: Resource<T>): readonly T[];
}

export function apiServer({ now, onWrite = () => {}, history = 100_000 }: ApiServerOptions): ApiServer {
  const catalog = createCatalog();
  for (const resource of servedResources) catalog.add(resource);
  const store = createStore(history);
  const model: Model = {
    ...{ catalog, store, now, onWrite, fields: createFields() },
    uid: counted(uidOf),
    suffix: counted(suffixOf),
  };
  const collectionOf = ({ apiVersion, plural }: Resource) => {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const resource = catalog.find(group, version, plural);
    if (!resource) throw new Error(`${plural} of ${apiVersion} are not served`);
    return store.collection(resource);
  };
  const server: ApiServer = {
    call: (request, user) => refusing(() => answer(model, requestOf(catalog, request, user))),
    watch: (request, send, user = "") => refusing(() => watch(model, requestOf(catalog, request, user), send)),
    compact: () => store.compact(store.revision),
    find: <T extends KubernetesObject>(of: Resource<T>, { namespace, name }: Key) =>
      collectionOf(of).byKey.get(keyIn(namespace, name)) as T | undefined,
    all: <T extends KubernetesObject>(of: Resource<T>) =>
      allOf(collectionOf(of).sorted.now) as unknown as readonly T[],
  };
  begin(model);
  return server;
}

/** With the namespaces that are always there; nobody is told. */
function begin(model: Model): void {
  const method = "POST";
  for (const name of alwaysThere) {
    const request = requestOf(
      model.catalog,
      { method, path: "/api/v1/namespaces", body: { metadata: { name } } },
      "",
    );
    answer({ ...model, onWrite: () => {} }, request);
  }
}

function counted(name: (count: number) => string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return name(count);
  };
}

function refusing<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, reason, details } = error;
    throw new ApiError(code, { message, reason, ...(details && { details }) });
  }
}
