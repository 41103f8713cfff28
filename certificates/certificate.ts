// An X.509 certificate (RFC 5280) with a new key: self-signed, an authority's own, or signed by an authority.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bitString, explicit, integer, objectIdentifier, sequence, set, time, utf8String } from "./der.ts";
import { extensionsOf, keyIdentifier, type Usage } from "./extensions.ts";
import { issuerOf } from "./issuer.ts";
import type { KeyPair } from "./key-pair.ts";

export interface CertificateRequest {
  commonName: string;
  /** Kubernetes takes it for the user's group. */
  organization?: string;
  /** DNS names and IP addresses of a server. */
  names?: string[];
  /** All that it is good for. Left out: a server when it has names, else whatever anybody wants. */
  usages?: Usage[];
  notBefore: Date;
  notAfter: Date;
  /** May sign others. */
  isAuthority?: boolean;
  /** Who signs; absent, it signs itself. */
  issuer?: KeyPair;
}

const oid = { commonName: "2.5.4.3", organization: "2.5.4.10", ecdsaWithSha256: "1.2.840.10045.4.3.2" };

const signatureAlgorithm = sequence(objectIdentifier(oid.ecdsaWithSha256));
const version3 = explicit(0, integer(Buffer.from([2])));

/** ECDSA on P-256 with SHA-256. */
export function issueCertificate(request: CertificateRequest): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const own = { subject: subjectOf(request), keyId: keyIdentifier(publicKey), key: privateKey };
  const issuer = request.issuer ? issuerOf(request.issuer) : own;
  const signed = sequence(
    version3,
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signatureAlgorithm,
    issuer.subject,
    sequence(time(request.notBefore), time(request.notAfter)),
    own.subject,
    spki(publicKey),
    explicit(3, sequence(...extensionsOf(request, own.keyId, issuer.keyId))),
  );
  const signature = bitString(sign("sha256", signed, issuer.key));
  return {
    certificate: pem(sequence(signed, signatureAlgorithm, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const subjectOf = ({ organization, commonName }: CertificateRequest): Buffer =>
  sequence(
    ...(organization ? [attribute(oid.organization, organization)] : []),
    attribute(oid.commonName, commonName),
  );

const attribute = (id: string, text: string): Buffer => set(sequence(objectIdentifier(id), utf8String(text)));

const spki = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der
    .toString("base64")
    .replace(/.{64}/g, "$&\n")
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
