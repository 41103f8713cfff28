// What the gateway's Secret should hold: its certificate, the authority that signed it, and authorities still trusted.
// Pure: from what is there and the time follows what is to be there.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { issueCertificate, type KeyPair } from "@knvirt/certificates";
import type { Secret } from "@knvirt/kubernetes";
import { certificatesIn } from "./front-proxy.ts";

export interface Issued {
  serving: KeyPair;
  /** Signs `serving`. */
  authority: KeyPair;
  /** PEM: whom clients are to trust. The authority comes first, after it those that came before it. */
  trusted: string;
}

export interface IssueOptions {
  /** DNS names under which the gateway is reached. */
  names: string[];
  caSeconds: number;
  certificateSeconds: number;
}

/** Clocks of nodes differ. */
const earlierMs = 60_000;
/** More than one is there only after somebody forced several renewals in a row. */
const mostTrusted = 8;

/** Undefined when it holds no certificates of ours, or broken ones. */
export function issuedIn({ data = {} }: Secret): Issued | undefined {
  const text = (name: string): string => Buffer.from(data[name] ?? "", "base64").toString("utf8");
  const trusted = text("ca.crt");
  const issued = {
    serving: { certificate: text("tls.crt"), key: text("tls.key") },
    authority: { certificate: certificatesIn(trusted)[0] ?? "", key: text("ca.key") },
    trusted,
  };
  return isWhole(issued) ? issued : undefined;
}

export const secretData = ({ serving, authority, trusted }: Issued): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      "tls.crt": serving.certificate,
      "tls.key": serving.key,
      "ca.crt": trusted,
      "ca.key": authority.key,
    }).map(([name, text]) => [name, Buffer.from(text).toString("base64")]),
  );

function isWhole({ serving, authority }: Issued): boolean {
  try {
    const [own, signer] = [new X509Certificate(serving.certificate), new X509Certificate(authority.certificate)];
    const isPair = own.checkPrivateKey(createPrivateKey(serving.key));
    return isPair && signer.checkPrivateKey(createPrivateKey(authority.key)) && own.checkIssued(signer);
  } catch {
    return false; // no PEM: as good as not there
  }
}

export interface Renewal extends IssueOptions {
  now: Date;
  /** Whom clients were told to trust before, where the Secret does not say. */
  trustedBefore: string;
}

/** What is to be written, or undefined while all is in order. */
export function renewed(found: Issued | undefined, renewal: Renewal): Issued | undefined {
  const { now, names, caSeconds, certificateSeconds, trustedBefore } = renewal;
  const authority =
    found && now.getTime() < dueAt(found.authority, caSeconds) ? found.authority : newAuthority(renewal);
  const isSigned = authority === found?.authority;
  if (isSigned && now.getTime() < dueAt(found.serving, servingSeconds(renewal)) && isFor(found.serving, names))
    return undefined;
  const end = Math.min(now.getTime() + certificateSeconds * 1000, endOf(authority));
  return {
    serving: issueCertificate({
      commonName: names[0] ?? "",
      names,
      issuer: authority,
      notBefore: earlier(now),
      notAfter: new Date(end),
    }),
    authority,
    trusted: trustedWith(authority, certificatesIn(found?.trusted ?? trustedBefore), renewal),
  };
}

/** When something of it has to be replaced, in milliseconds since 1970: at two thirds of its lifetime. */
export const renewalAt = ({ authority, serving }: Issued, options: IssueOptions): number =>
  Math.min(dueAt(authority, options.caSeconds), dueAt(serving, servingSeconds(options)));

/** Never longer than what signs it, so that what was just made is not due at once. */
const servingSeconds = ({ caSeconds, certificateSeconds }: IssueOptions): number =>
  Math.min(caSeconds, certificateSeconds);

const endOf = ({ certificate }: KeyPair): number => new X509Certificate(certificate).validToDate.getTime();
const dueAt = (pair: KeyPair, lifetimeSeconds: number): number => endOf(pair) - (lifetimeSeconds / 3) * 1000;
const earlier = (now: Date): Date => new Date(now.getTime() - earlierMs);

const newAuthority = ({ now, caSeconds }: Renewal): KeyPair =>
  issueCertificate({
    commonName: "knvirt gateway authority",
    isAuthority: true,
    notBefore: earlier(now),
    notAfter: new Date(now.getTime() + caSeconds * 1000),
  });

const isFor = ({ certificate }: KeyPair, names: string[]): boolean =>
  names.every((name) => new X509Certificate(certificate).checkHost(name) !== undefined);

/** An older authority stays for as long as a certificate that it signed can be in use: not once the present one is
 * older than that. */
function trustedWith(authority: KeyPair, before: string[], { now, certificateSeconds }: Renewal): string {
  const since = new X509Certificate(authority.certificate).validFromDate.getTime();
  const isSettled = now.getTime() - since > certificateSeconds * 1000 + earlierMs;
  const older = before.filter((pem) => {
    const { fingerprint256, validToDate } = new X509Certificate(pem);
    return fingerprint256 !== new X509Certificate(authority.certificate).fingerprint256 && validToDate > now;
  });
  return [authority.certificate, ...(isSettled ? [] : older)].slice(0, mostTrusted).join("");
}
