// Who may call this executor over the network: the gateway's service account, by a token that was made for executors.
import { createHash } from "node:crypto";
import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from "@grpc/grpc-js";
import { type Client, reviewToken, systemClock } from "@knvirt/kubernetes";
import type { Log } from "./log.ts";

export interface CallerAuthorization {
  /** Undefined when the caller is who may call. */
  refusalOf(authorization: string): Promise<Refusal | undefined>;
}

export interface Refusal {
  code: status;
  details: string;
}

/** A token for anything else is none for an executor, and one for executors opens nothing else. */
export const executorAudience = "knvirt-executor";

/** So long a verdict is relied on: what is revoked ends soon, and a burst of consoles costs one question. */
const trustMs = 10_000;
const [mostKept, mostAsked] = [1_000, 16];
/** The API server issues none as long. */
const longestToken = 16 * 1024;

interface Kept {
  refusal: Promise<Refusal | undefined>;
  until: number;
}

export interface CallerAuthorizationOptions {
  client: Pick<Client, "transport">;
  /** Full name of the one user that may call. */
  user: string;
  log: Log;
  now?(): number;
}

export function callerAuthorization(options: CallerAuthorizationOptions): CallerAuthorization {
  const { now = systemClock.elapsedMs } = options;
  const kept = new Map<string, Kept>();
  const state = { asked: 0 };
  const ask = async (token: string): Promise<Refusal | undefined> => {
    if (state.asked >= mostAsked) throw new Error(`${mostAsked} tokens are being reviewed already`);
    state.asked += 1;
    try {
      return await review(options, token);
    } finally {
      state.asked -= 1;
    }
  };
  const verdict = (token: string): Promise<Refusal | undefined> => {
    const key = createHash("sha256").update(token).digest("base64");
    const known = kept.get(key);
    if (known && now() < known.until) return known.refusal;
    if (kept.size >= mostKept) kept.clear(); // somebody is guessing
    const refusal = ask(token);
    kept.set(key, { refusal, until: now() + trustMs });
    refusal.catch(() => kept.delete(key));
    return refusal;
  };
  return {
    refusalOf: async (authorization) => {
      const [, token = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      if (token === "" || token.length > longestToken) return unauthenticated;
      try {
        return await verdict(token);
      } catch (err) {
        options.log.warn({ err }, "a caller's token could not be reviewed");
        return unavailable;
      }
    },
  };
}

const unauthenticated: Refusal = {
  code: status.UNAUTHENTICATED,
  details: `no usable token: expected a bearer token with audience ${executorAudience}`,
};
const forbidden: Refusal = { code: status.PERMISSION_DENIED, details: "this user may not call an executor" };
const unavailable: Refusal = { code: status.UNAVAILABLE, details: "the token cannot be reviewed now: try again" };

async function review({ client, user }: CallerAuthorizationOptions, token: string): Promise<Refusal | undefined> {
  const found = await reviewToken(client, token, [executorAudience]);
  if (!found) return unauthenticated;
  return found.username === user ? undefined : forbidden;
}

/** Stands before every call: its method hears of it only when the caller may. */
export const authenticatedBy =
  (authorization: CallerAuthorization): ServerInterceptor =>
  (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, accept) => {
            void authorization.refusalOf(authorizationOf(metadata)).then((refusal) => {
              if (refusal) call.sendStatus(refusal);
              else accept(metadata);
            });
          },
        }),
    });

const authorizationOf = (metadata: Metadata): string => {
  const [text = "", ...others] = metadata.get("authorization");
  return others.length > 0 ? "" : text.toString();
};
