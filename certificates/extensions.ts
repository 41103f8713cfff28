// What a certificate may be used for, by whom it is known, and by which key: its extensions (RFC 5280, 4.2.1).
import { createHash, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { bitString, boolean, implicit, objectIdentifier, octetString, sequence } from "./der.ts";
import { addressBytes } from "./ip-address.ts";

const oid = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
};
export const subjectKeyIdentifier = objectIdentifier(oid.subjectKeyIdentifier);

const purposes = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" };

/** The end of a TLS connection that shows it. */
export type Usage = keyof typeof purposes;

interface Uses {
  names?: string[];
  usages?: Usage[];
  isAuthority?: boolean;
}

export function extensionsOf(uses: Uses, ownKeyId: Buffer, issuersKeyId: Buffer): Buffer[] {
  const { names = [], usages = names.length > 0 ? ["server"] : [], isAuthority = false } = uses;
  // Bits from the left: digitalSignature is 0, keyCertSign is 5.
  const usage = isAuthority ? bitString(Buffer.from([0x04]), 2) : bitString(Buffer.from([0x80]), 7);
  const constraints = isAuthority ? sequence(boolean(true)) : sequence();
  const listed = (id: string, items: Buffer[]) => (items.length > 0 ? [extension(id, sequence(...items))] : []);
  return [
    extension(oid.basicConstraints, constraints, true),
    extension(oid.keyUsage, usage, true),
    extension(oid.subjectKeyIdentifier, octetString(ownKeyId)),
    extension(oid.authorityKeyIdentifier, sequence(implicit(0, issuersKeyId))),
    ...listed(
      oid.extendedKeyUsage,
      usages.map((one) => objectIdentifier(purposes[one])),
    ),
    ...listed(oid.subjectAltName, names.map(generalName)),
  ];
}

/** Two authorities of the same name are told apart by it. */
export const keyIdentifier = (key: KeyObject): Buffer =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest()
    .subarray(0, 20);

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  sequence(objectIdentifier(id), ...(isCritical ? [boolean(true)] : []), octetString(value));

const generalName = (name: string): Buffer =>
  isIP(name) ? implicit(7, addressBytes(name)) : implicit(2, Buffer.from(name, "ascii"));
