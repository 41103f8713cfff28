// An X.509 certificate (RFC 5280) with a new key: self-signed, an authority's own, or signed by an authority.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";
import { addressBytes } from "./ip-address.ts";

export interface KeyPair {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

export interface CertificateRequest {
  commonName: string;
  /** DNS names and IP addresses of a server, which is all that it then is good for. */
  names?: string[];
  notBefore: Date;
  notAfter: Date;
  /** May sign others. */
  isAuthority?: boolean;
  /** Who signs; absent, it signs itself. */
  issuer?: KeyPair;
}

const oid = {
  commonName: "2.5.4.3",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
};

const signatureAlgorithm = sequence(objectIdentifier(oid.ecdsaWithSha256));
const version3 = explicit(0, integer(Buffer.from([2])));

/** ECDSA on P-256 with SHA-256. */
export function issueCertificate(request: CertificateRequest): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = request.issuer && issuerOf(request.issuer);
  const own = { subject: nameOf(request.commonName), publicKey };
  const signed = sequence(
    version3,
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signatureAlgorithm,
    (issuer ?? own).subject,
    sequence(time(request.notBefore), time(request.notAfter)),
    own.subject,
    spki(publicKey),
    explicit(3, sequence(...extensionsOf(request, publicKey, (issuer ?? own).publicKey))),
  );
  const signature = bitString(sign("sha256", signed, issuer?.key ?? privateKey));
  return {
    certificate: pem(sequence(signed, signatureAlgorithm, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function issuerOf({ certificate, key }: KeyPair) {
  const found = new X509Certificate(certificate).subject;
  const [, subject] = /^CN=([^\n\\+]+)$/.exec(found) ?? [];
  if (!subject) throw new Error(`issuer has a name that is not ours: found ${found}, expected a common name alone`);
  return { subject: nameOf(subject), publicKey: createPublicKey(certificate), key: createPrivateKey(key) };
}

const nameOf = (commonName: string): Buffer =>
  sequence(set(sequence(objectIdentifier(oid.commonName), utf8String(commonName))));

const spki = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

function extensionsOf(request: CertificateRequest, own: KeyObject, issuers: KeyObject): Buffer[] {
  const { names = [], isAuthority = false } = request;
  // Bits from the left: digitalSignature is 0, keyCertSign is 5.
  const usage = isAuthority ? bitString(Buffer.from([0x04]), 2) : bitString(Buffer.from([0x80]), 7);
  const constraints = isAuthority ? sequence(boolean(true)) : sequence();
  return [
    extension(oid.basicConstraints, constraints, true),
    extension(oid.keyUsage, usage, true),
    extension(oid.subjectKeyIdentifier, octetString(keyIdentifier(own))),
    extension(oid.authorityKeyIdentifier, sequence(implicit(0, keyIdentifier(issuers)))),
    ...(names.length > 0 ? [onlyServer, extension(oid.subjectAltName, sequence(...names.map(generalName)))] : []),
  ];
}

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  sequence(objectIdentifier(id), ...(isCritical ? [boolean(true)] : []), octetString(value));

const onlyServer = extension(oid.extendedKeyUsage, sequence(objectIdentifier(oid.serverAuth)));

/** Two authorities of the same name are told apart by it. */
const keyIdentifier = (key: KeyObject): Buffer => createHash("sha256").update(spki(key)).digest().subarray(0, 20);

const generalName = (name: string): Buffer =>
  isIP(name) ? implicit(7, addressBytes(name)) : implicit(2, Buffer.from(name, "ascii"));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der
    .toString("base64")
    .replace(/.{64}/g, "$&\n")
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
