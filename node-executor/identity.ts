// The certificate by which this node's executor is known: made in memory, new at each start, renewed at half its time.
// Nothing of it is ever on disk.
import { issueCertificate, type KeyPair } from "@knvirt/certificates";

export interface Identity {
  /** What is shown to those who connect. */
  current(): KeyPair;
  /** What others are to trust, as PEM: while it is renewed the next certificate beside the current one. */
  toPublish(now: Date): string;
  /** That was published: a certificate that everybody can know by now is taken into use. */
  published(pem: string): void;
  onRenewed(listener: (pair: KeyPair) => void): void;
}

/** The name in it, whichever node it is of: who connects knows the node by its certificate. */
export const executorName = "knvirt-executor";

const lifeMs = 90 * 24 * 3600_000;
/** Clocks differ. */
const beforeMs = 3600_000;

interface Dated {
  pair: KeyPair;
  renewAt: number;
}

export function openIdentity(now: Date): Identity {
  const listeners: ((pair: KeyPair) => void)[] = [];
  const state: { current: Dated; next?: Dated } = { current: issue(now) };
  return {
    current: () => state.current.pair,
    toPublish: (at) => {
      if (at.getTime() >= state.current.renewAt) state.next ??= issue(at);
      return [state.next, state.current].map((dated) => dated?.pair.certificate ?? "").join("");
    },
    published: (pem) => {
      const { next } = state;
      if (!next || !pem.includes(next.pair.certificate)) return;
      state.current = next;
      delete state.next;
      for (const listener of listeners) listener(next.pair);
    },
    onRenewed: (listener) => {
      listeners.push(listener);
    },
  };
}

const issue = (now: Date): Dated => ({
  renewAt: now.getTime() + lifeMs / 2,
  pair: issueCertificate({
    commonName: executorName,
    names: [executorName],
    notBefore: new Date(now.getTime() - beforeMs),
    notAfter: new Date(now.getTime() + lifeMs),
  }),
});
