// The subresources of pods: binding to a node, reading logs, and those that this host does not have.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { badRequest, methodNotAllowed } from "../../errors.ts";
import type { Reply } from "../../http/call.ts";
import { flagOf, integerOf } from "../../http/request-options.ts";
import type { Endpoint, ResourceCall } from "../../machinery.ts";
import type { KubernetesObject } from "../../object.ts";
import { storedVersion } from "../../verbs/get.ts";
import { binding } from "./binding.ts";
import { specOf } from "./parts.ts";

interface PodLogRequest {
  pod: KubernetesObject;
  container: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tailLines: number | undefined;
  sinceTime: Date | undefined;
  signal: AbortSignal;
}

/** Given by the pod runner, which has the logs. */
export type PodLog = (request: PodLogRequest) => AsyncIterable<string>;

const log = (podLog: PodLog): Endpoint => ({
  kind: "Pod",
  verbs: ["get"],
  serve: async (machinery, call): Promise<Reply> => {
    if (call.method !== "GET") throw methodNotAllowed("pods/log takes GET only");
    const pod = storedVersion(machinery, call).object;
    const pieces = limited(podLog(logRequest(call, pod, machinery.now())), integerOf(call.query, "limitBytes"));
    return {
      stream: async (response) => {
        response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
        response.flushHeaders();
        await pipeline(Readable.from(pieces), response);
      },
    };
  },
});

function logRequest({ query, signal }: ResourceCall, pod: KubernetesObject, now: Date): PodLogRequest {
  const sinceSeconds = integerOf(query, "sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const since = sinceSeconds === undefined ? sinceTime : new Date(now.getTime() - sinceSeconds * 1000);
  return {
    ...{ pod, container: containerOf(pod, query.get("container")), signal },
    ...{ follow: flagOf(query, "follow"), previous: flagOf(query, "previous") },
    timestamps: flagOf(query, "timestamps"),
    tailLines: integerOf(query, "tailLines"),
    sinceTime: since ? new Date(since) : undefined,
  };
}

function containerOf(pod: KubernetesObject, wanted: string | null): string {
  const names = (specOf(pod).containers ?? []).map(({ name }) => name);
  const { name } = pod.metadata;
  if (wanted && !names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  const only = wanted || (names.length === 1 ? names[0] : undefined);
  if (only) return only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`);
}

async function* limited(pieces: AsyncIterable<string>, bytes: number | undefined): AsyncGenerator<Buffer> {
  let left = bytes ?? Infinity;
  for await (const piece of pieces) {
    const text = Buffer.from(piece);
    yield text.subarray(0, left);
    left -= text.length;
    if (left <= 0) return;
  }
}

const absent = (name: string, instead: string): Endpoint => ({
  kind: "Pod",
  verbs: [],
  serve: () => Promise.reject(methodNotAllowed(`pods/${name} is not supported on this host: ${instead}`)),
});

export const podEndpoints = (podLog: PodLog): Readonly<Record<string, Endpoint>> => ({
  binding,
  log: log(podLog),
  eviction: absent("eviction", "there is no other machine to move to; delete the pod instead"),
  exec: absent("exec", "containers take no further commands"),
  attach: absent("attach", "read the log instead"),
  portforward: absent("portforward", "pods are reached at their address from this machine"),
});
