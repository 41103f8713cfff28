// The certificate by which a server is known: made in memory, new at each start, renewed at half its time. Nothing of it
// is ever on disk.
import type { Server } from "node:tls";
import { issueCertificate } from "./certificate.ts";
import type { KeyPair } from "./key-pair.ts";

export interface ShownIdentity {
  /** What is shown to those who connect. */
  current(): KeyPair;
  onRenewed(listener: (pair: KeyPair) => void): void;
}

export interface Identity extends ShownIdentity {
  /** Its successor, once half of its time is over. */
  next(now: Date): KeyPair | undefined;
  /** Shows the successor from now on. */
  use(next: KeyPair): void;
}

export interface IdentityOptions {
  commonName: string;
  names: string[];
  now: Date;
}

const lifeMs = 90 * 24 * 3600_000;
/** Clocks differ. */
const beforeMs = 3600_000;

export function openIdentity({ now, ...named }: IdentityOptions): Identity {
  const listeners: ((pair: KeyPair) => void)[] = [];
  const issue = (at: number) => ({
    renewAt: at + lifeMs / 2,
    pair: issueCertificate({ ...named, notBefore: new Date(at - beforeMs), notAfter: new Date(at + lifeMs) }),
  });
  let newest = issue(now.getTime());
  let current = newest.pair;
  return {
    current: () => current,
    next: (at) => {
      if (newest.pair === current && at.getTime() >= newest.renewAt) newest = issue(at.getTime());
      return newest.pair === current ? undefined : newest.pair;
    },
    use: (next) => {
      current = next;
      for (const listener of listeners) listener(next);
    },
    onRenewed: (listener) => {
      listeners.push(listener);
    },
  };
}

/** To whoever connects from now on: connections that are open stay as they are. */
export function showIdentity(server: Server, identity: ShownIdentity): void {
  const show = ({ certificate, key }: KeyPair): void => server.setSecureContext({ cert: certificate, key });
  show(identity.current());
  identity.onRenewed(show);
}

/** For one that nobody has to know before: its successor is used as soon as somebody connects. */
export function showRenewed(server: Server, identity: Identity, now: () => Date = () => new Date()): void {
  showIdentity(server, identity);
  // Before the listener of the server itself, which shows what there is at that moment.
  server.prependListener("connection", () => {
    const next = identity.next(now());
    if (next) identity.use(next);
  });
}
