// What was asked of an API server, by whom, as its audit log tells: what specs and benchmarks count.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createInterface } from "node:readline";

export interface AuditedRequest {
  user: string;
  userAgent: string;
  verb: string;
  /** `group/plural[/subresource]`, without the group for Kubernetes' core; empty for a path that is no resource. */
  resource: string;
  namespace: string;
  name: string;
  code: number;
  /** The asker lacks the right. Other refusals, as of a namespace that is just going, are answered 403 too. */
  isForbidden: boolean;
  path: string;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  answeredAt: number;
}

interface AuditEvent {
  stage: string;
  verb: string;
  requestURI: string;
  user?: { username?: string };
  userAgent?: string;
  objectRef?: { apiGroup?: string; resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  annotations?: Record<string, string>;
  requestReceivedTimestamp: string;
  stageTimestamp: string;
}

/** Where the log ends now: requests after it are those since. */
export const auditMark = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** Finished requests after a mark, in the log's order. A line that lacks `text` is passed over, which saves time. */
export async function auditSince(file: string, mark: number, text = ""): Promise<AuditedRequest[]> {
  const found: AuditedRequest[] = [];
  const lines = createInterface({
    input: createReadStream(file, { start: mark }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    if (!line.includes(text) || !line.endsWith("}")) continue; // the last one may just be written
    const event = JSON.parse(line) as AuditEvent;
    if (event.stage === "ResponseComplete" || event.stage === "ResponseStarted") found.push(requestOf(event));
  }
  return found;
}

function requestOf(event: AuditEvent): AuditedRequest {
  const { apiGroup, resource = "", subresource, namespace = "", name = "" } = event.objectRef ?? {};
  return {
    user: event.user?.username ?? "",
    userAgent: event.userAgent ?? "",
    verb: event.verb,
    resource: [apiGroup, resource, subresource].filter(Boolean).join("/"),
    namespace,
    name,
    code: event.responseStatus?.code ?? 0,
    isForbidden: event.annotations?.["authorization.k8s.io/decision"] === "forbid",
    path: event.requestURI,
    receivedAt: Date.parse(event.requestReceivedTimestamp),
    answeredAt: Date.parse(event.stageTimestamp),
  };
}

export const isWrite = ({ verb }: AuditedRequest): boolean =>
  ["create", "update", "patch", "delete", "deletecollection"].includes(verb);
