// Who may read the metrics: the API server says whose token it is, and whether that user may GET /metrics.
import { createHash } from "node:crypto";
import type { Client } from "./client.ts";
import { systemClock } from "./clock.ts";
import { reviewToken } from "./token-review.ts";

export type Verdict = "allowed" | "unauthenticated" | "forbidden";

export interface ScraperAuthorization {
  /** Throws when the API server cannot be asked. */
  check(authorization: string | undefined): Promise<Verdict>;
}

const trustMs = 60_000;
const mostKept = 1_000;

interface Kept {
  verdict: Promise<Verdict>;
  until: number;
}

/** A verdict holds for a minute. Tokens are kept as hashes only. */
export function scraperAuthorization(
  client: Client,
  now: () => number = systemClock.elapsedMs,
): ScraperAuthorization {
  const kept = new Map<string, Kept>();
  return {
    check: async (authorization = "") => {
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      if (!token) return "unauthenticated";
      const key = createHash("sha256").update(token).digest("base64");
      const known = kept.get(key);
      if (known && now() < known.until) return known.verdict;
      if (kept.size >= mostKept) kept.clear(); // somebody is guessing
      const verdict = review(client, token);
      kept.set(key, { verdict, until: now() + trustMs });
      verdict.catch(() => kept.delete(key));
      return verdict;
    },
  };
}

interface SubjectAccessReview {
  status?: { allowed?: boolean };
}

async function review(client: Client, token: string): Promise<Verdict> {
  const found = await reviewToken(client, token);
  if (!found) return "unauthenticated";
  const { username: user, groups, uid, extra } = found;
  const access = await client.transport.call<SubjectAccessReview>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, groups, uid, extra, nonResourceAttributes: { path: "/metrics", verb: "get" } },
    },
  });
  return access.status?.allowed ? "allowed" : "forbidden";
}
