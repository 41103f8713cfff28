// The server's TLS certificate and the CA that clients trust, kept in the data directory.
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CertificateRequest, issueCertificate, type KeyPair } from "@knvirt/certificates";
import { writeSecret } from "./tokens.ts";

export interface Certificates {
  caPath: string;
  ca: string;
  cert: string;
  key: string;
}

const names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "127.0.0.1", "::1"];
const dayMs = 24 * 3600_000;
const lifeMs = 3650 * dayMs;
const renewBeforeMs = 30 * dayMs;

export function ensureCertificates(directory: string): Certificates {
  const authority = kept(directory, "ca") ?? made(directory, "ca", { commonName: "knvirt CA", isAuthority: true });
  const isSigned = ({ certificate }: KeyPair): boolean =>
    new X509Certificate(certificate).checkIssued(new X509Certificate(authority.certificate));
  const found = kept(directory, "server");
  const { certificate: cert, key } =
    found && isSigned(found)
      ? found
      : made(directory, "server", { commonName: "knvirt API server", names, issuer: authority });
  return { caPath: join(directory, "ca.crt"), ca: authority.certificate, cert, key };
}

const filesOf = (directory: string, name: string) => ({
  certificate: join(directory, `${name}.crt`),
  key: join(directory, `${name}.key`),
});

/** Undefined when there is none, or none for much longer. */
function kept(directory: string, name: string): KeyPair | undefined {
  const files = filesOf(directory, name);
  if (!existsSync(files.certificate) || !existsSync(files.key)) return undefined;
  const pair = { certificate: readFileSync(files.certificate, "utf8"), key: readFileSync(files.key, "utf8") };
  const endsAt = new X509Certificate(pair.certificate).validToDate.getTime();
  return endsAt - Date.now() > renewBeforeMs ? pair : undefined;
}

type Wanted = Omit<CertificateRequest, "notBefore" | "notAfter">;

function made(directory: string, name: string, wanted: Wanted): KeyPair {
  const now = Date.now();
  const pair = issueCertificate({ ...wanted, notBefore: new Date(now), notAfter: new Date(now + lifeMs) });
  const files = filesOf(directory, name);
  // The certificate goes first and comes last: where it is, its key is too.
  rmSync(files.certificate, { force: true });
  writeSecret(files.key, pair.key);
  writeSecret(files.certificate, pair.certificate);
  return pair;
}
