// How this node's executor becomes known: others trust its certificate once that is published, and not before it is used.
import { openIdentity, type ShownIdentity } from "@knvirt/certificates";

export interface PublishedIdentity extends ShownIdentity {
  /** What others are to trust, as PEM: while it is renewed the next certificate beside the current one. */
  toPublish(now: Date): string;
  /** That was published: a certificate that everybody can know by now is taken into use. */
  published(pem: string): void;
}

/** The name in it, whichever node it is of: who connects knows the node by its certificate. */
export const executorName = "knvirt-executor";

export function publishedIdentity(now: Date): PublishedIdentity {
  const { current, onRenewed, next, use } = openIdentity({ commonName: executorName, names: [executorName], now });
  let successor: ReturnType<typeof next>;
  return {
    current,
    onRenewed,
    toPublish: (at) => {
      successor = next(at);
      return `${successor?.certificate ?? ""}${current().certificate}`;
    },
    published: (pem) => {
      if (!successor || !pem.includes(successor.certificate)) return;
      use(successor);
      successor = undefined;
    },
  };
}
