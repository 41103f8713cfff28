// What a certificate repeats of its issuer's, byte by byte: others encode names, and call keys, in their own ways.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { contentOf, isField, isSequence, itemsOf } from "./der.ts";
import { keyIdentifier, subjectKeyIdentifier } from "./extensions.ts";
import type { KeyPair } from "./key-pair.ts";

export interface Issuer {
  subject: Buffer;
  keyId: Buffer;
  key: KeyObject;
}

export function issuerOf({ certificate, key }: KeyPair): Issuer {
  const { raw, publicKey, subject: found } = new X509Certificate(certificate);
  const [signed] = itemsOf(raw);
  const fields = signed ? itemsOf(signed) : [];
  // RFC 5280, 4.1: signature algorithm, issuer, validity, subject, public key; the others are no sequences.
  const [, , , subject] = fields.filter(isSequence);
  if (!subject) throw new Error(`issuer has no subject: found ${found}`);
  return { subject, keyId: keyIdIn(fields) ?? keyIdentifier(publicKey), key: createPrivateKey(key) };
}

function keyIdIn(fields: Buffer[]): Buffer | undefined {
  const extensions = fields.filter(isField(3)).flatMap(itemsOf).flatMap(itemsOf);
  const value = extensions
    .map(itemsOf)
    .find(([id]) => id?.equals(subjectKeyIdentifier))
    ?.at(-1);
  return value && contentOf(contentOf(value));
}
