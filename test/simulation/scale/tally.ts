// What an API server is asked for, writes and tells, by whom: counted between it and all that ask.
import type { ApiRequest, KubernetesObject } from "@knvirt/kubernetes";
import type { ApiServer, WatchEvent, Write } from "../api-server/index.ts";

export interface Count {
  times: number;
  /** Of the objects as JSON. */
  bytes: number;
}

/** By who and what: `functions: create Pod`. */
export type Counts = Map<string, Count>;

export interface Counted {
  /** Those that changed something. */
  writes: Counts;
  /** Writes that were refused, or changed nothing. */
  vain: Counts;
  reads: Counts;
  /** Told to watchers. */
  events: Counts;
}

export interface Tally {
  onWrite(write: Write): void;
  counted(api: ApiServer): ApiServer;
  /** What was counted since the last time. */
  take(): Counted;
}

export function openTally(): Tally {
  let since = nothing();
  const sizeOf = sizes();
  const count = (of: keyof Counted, name: string, bytes: number): void => {
    const known = since[of].get(name) ?? { times: 0, bytes: 0 };
    since[of].set(name, { times: known.times + 1, bytes: known.bytes + bytes });
  };
  return {
    onWrite: ({ user, verb, subresource, kind, before, after }) => {
      const what = `${verb} ${kind}${subresource ? `/${subresource}` : ""}`;
      count(before === after ? "vain" : "writes", `${writerOf(user)}: ${what}`, after ? sizeOf(after) : 0);
    },
    counted: (api) => ({
      ...api,
      call: (request, user) => {
        try {
          const answer = api.call(request, user);
          if (request.method === "GET") count("reads", readOf(request, user, answer), bytesOf(answer, sizeOf));
          return answer;
        } catch (error) {
          const of = request.method === "GET" ? "reads" : "vain";
          count(of, `${writerOf(user)}: ${request.method.toLowerCase()} ${kindOf(request)}, refused`, 0);
          throw error;
        }
      },
      watch: (request, send, user = "") => {
        const what = `${writerOf(user)}: watch ${kindOf(request)}`;
        count("reads", what, 0);
        const told = (event: WatchEvent): void => {
          if (event.type !== "BOOKMARK") count("events", what, sizeOf(event.object));
          send(event);
        };
        return api.watch(request, told, user);
      },
    }),
    take: () => {
      const taken = since;
      since = nothing();
      return taken;
    },
  };
}

const nothing = (): Counted => ({ writes: new Map(), vain: new Map(), reads: new Map(), events: new Map() });

/** Each state of an object is measured once, whoever is told of it. */
function sizes(): (object: KubernetesObject) => number {
  const known = new Map<string, number>();
  return (object) => {
    const { resourceVersion = "" } = object.metadata;
    const size = known.get(resourceVersion) ?? JSON.stringify(object).length;
    known.set(resourceVersion, size);
    return size;
  };
}

function bytesOf(answer: unknown, sizeOf: (object: KubernetesObject) => number): number {
  const { items } = answer as { items?: KubernetesObject[] };
  return items ? items.reduce((sum, item) => sum + sizeOf(item), 0) : sizeOf(answer as KubernetesObject);
}

function readOf(request: ApiRequest, user: string, answer: unknown): string {
  const verb = "items" in (answer as object) ? "list" : "get";
  return `${writerOf(user)}: ${verb} ${kindOf(request)}`;
}

/** The plural, as paths have it. */
const kindOf = ({ path }: ApiRequest): string =>
  /^\/apis?\/(?:[^/]+\/)?v[^/]+\/(?:namespaces\/[^/]+\/(?=.))?([^/]+)/.exec(path)?.[1] ?? path;

const roles: [RegExp, string][] = [
  [/^kubernetes-admin$/, "user"],
  [/^knvirt-executor/, "executor"],
  [/^knvirt-/, ""],
  [/^system:node:/, "kubelet"],
  [/^system:kube-/, ""],
];

function writerOf(user: string): string {
  const [beginning, role] = roles.find(([pattern]) => pattern.test(user)) ?? [];
  return role || (beginning ? user.replace(beginning, "") : user);
}

const ours = ["functions", "executor", "source", "controller"];
export type Side = "user" | "knvirt" | "Kubernetes";

export function sideOf(name: string): Side {
  const who = name.slice(0, name.indexOf(":"));
  if (who === "user" || who === "gateway") return "user";
  return ours.includes(who) ? "knvirt" : "Kubernetes";
}

/** All of them, or those whose names pass. */
export function total(counts: Counts, isWanted: (name: string) => boolean = () => true): Count {
  const sum = { times: 0, bytes: 0 };
  for (const [name, { times, bytes }] of counts)
    if (isWanted(name)) {
      sum.times += times;
      sum.bytes += bytes;
    }
  return sum;
}
